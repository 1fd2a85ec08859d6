// suite: once
/** Who hears of an exception that nobody caught: the thread's handler, its group, the default one; handlers that throw themselves. */
import java.util.*;
import java.util.concurrent.*;

public class UncaughtHandlers {
    static void run(Thread t) throws InterruptedException {
        t.start();
        t.join();
        System.out.println(t.getName() + " " + t.getState() + " " + t.getUncaughtExceptionHandler());
    }

    static class Deep extends Error {
        Deep(String message, Throwable cause) { super(message, cause); }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Thread.getDefaultUncaughtExceptionHandler());
        System.out.println(Thread.currentThread().getUncaughtExceptionHandler() == Thread.currentThread().getThreadGroup());
        Thread own = new Thread(() -> { throw new IllegalStateException("first"); }, "own");
        own.setUncaughtExceptionHandler((t, e) -> System.out.println("handler of " + t.getName() + " in " + Thread.currentThread().getName() + ": " + e + " " + t.isAlive()));
        run(own);
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> System.out.println("default: " + t.getName() + " " + e));
        run(new Thread(() -> { throw new ArithmeticException("second"); }, "second"));
        ThreadGroup group = new ThreadGroup("group") {
            @Override public void uncaughtException(Thread t, Throwable e) {
                System.out.println("group: " + t.getName() + " " + e.getMessage());
                super.uncaughtException(t, e);
            }
        };
        run(new Thread(group, () -> { throw new Deep("third", new Exception("cause")); }, "third"));
        run(new Thread(new ThreadGroup(group, "below"), () -> { Object o = "x"; Integer i = (Integer) o; }, "below"));
        Thread throwing = new Thread(() -> { throw new RuntimeException("fourth"); }, "throwing");
        throwing.setUncaughtExceptionHandler((t, e) -> { throw new IllegalArgumentException("from the handler"); });
        run(throwing);
        // An overflow of the stack, and one that the thread itself raises in its handler.
        run(new Thread(null, () -> recurse(1), "overflow", 1 << 18));
        Thread.setDefaultUncaughtExceptionHandler(null);
        Thread quiet = new Thread(() -> { throw new ThreadDeath(); }, "quiet");
        run(quiet);
        Thread traced = new Thread(() -> { throw new Deep("traced", new Exception("its cause")); }, "traced");
        run(traced);
        // Exceptions in pools: execute ends the worker, submit keeps it for the future.
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        ExecutorService pool = Executors.newSingleThreadExecutor(r -> {
            Thread t = new Thread(r, "pool");
            t.setUncaughtExceptionHandler((x, e) -> seen.add(x.getName() + " " + e.getMessage()));
            return t;
        });
        pool.execute(() -> { throw new RuntimeException("executed"); });
        Future<?> f = pool.submit(() -> { throw new RuntimeException("submitted"); });
        try {
            f.get();
        } catch (ExecutionException e) {
            System.out.println(e.getMessage() + " | " + e.getCause());
        }
        pool.shutdown();
        System.out.println(pool.awaitTermination(100, TimeUnit.SECONDS) + " " + seen);
        Object lock = new Object();
        Thread holder = new Thread(() -> { synchronized (lock) { throw new RuntimeException("with a lock"); } }, "holder");
        holder.setUncaughtExceptionHandler((t, e) -> System.out.println(e.getMessage() + " " + Thread.holdsLock(lock)));
        run(holder);
        synchronized (lock) {
            System.out.println("the lock is free");
        }
        Thread.currentThread().setUncaughtExceptionHandler((t, e) -> System.out.println("main ends by " + e.getMessage()));
        throw new Exception("an exception");
    }

    static int recurse(int n) { return recurse(n + 1) + n; }
}
