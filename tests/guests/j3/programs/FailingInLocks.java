// jvm: -Xmx48m
/**
 * What fails while it holds locks: threads that die by exceptions, by the end of their stack and of the heap, again and again. Their monitors are
 * free afterwards, and everybody goes on.
 */
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

public class FailingInLocks {
    static final Object[] locks = {new Object(), new Object(), new Object()};
    static int guarded;

    /** Takes all locks again in every call, until the stack ends. */
    static int deep(int n) {
        synchronized (locks[n % 3]) {
            return deep(n + 1) + 1;
        }
    }

    static synchronized int deepMethod(Object o, long wide) {
        guarded++;
        try {
            return deepMethod(o, wide + 1) + 1;
        } finally {
            guarded--;
        }
    }

    static void fill() {
        List<Object> all = new ArrayList<>();
        synchronized (locks[0]) {
            synchronized (locks[1]) {
                for (;;) all.add(new long[4096]);
            }
        }
    }

    static void await(List<Thread> threads) throws InterruptedException {
        for (Thread t : threads) t.join();
    }

    static void allFree(String what) throws InterruptedException {
        Thread t = new Thread(() -> {
            for (Object lock : locks) {
                synchronized (lock) {
                    if (!Thread.holdsLock(lock)) System.out.println("not taken");
                }
            }
            synchronized (FailingInLocks.class) {
                if (guarded != 0) System.out.println("guarded " + guarded);
            }
        });
        t.start();
        t.join(60_000);
        System.out.println(what + ": locks are " + (t.isAlive() ? "held by " + t.getState() : "free"));
    }

    static List<Thread> start(int count, Runnable r) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread t = new Thread(null, r, "failing " + i, 256 << 10);
            t.start();
            threads.add(t);
        }
        return threads;
    }

    public static void main(String[] args) throws Exception {
        AtomicInteger overflows = new AtomicInteger();
        await(start(4, () -> {
            for (int i = 0; i < 5; i++) {
                try {
                    if (i % 2 == 0) deep(0);
                    else deepMethod(locks, 0);
                } catch (StackOverflowError e) {
                    overflows.incrementAndGet();
                }
            }
        }));
        System.out.println(overflows + " overflows");
        allFree("stack");

        AtomicInteger deaths = new AtomicInteger();
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> {
            if (e instanceof StackOverflowError) deaths.incrementAndGet();
        });
        await(start(6, () -> deep(1)));
        System.out.println(deaths + " died");
        allFree("stack, uncaught");

        AtomicInteger full = new AtomicInteger();
        await(start(3, () -> {
            for (int i = 0; i < 2; i++) {
                try {
                    fill();
                } catch (OutOfMemoryError e) {
                    full.incrementAndGet();
                }
            }
        }));
        System.out.println(full + " times full");
        allFree("heap");

        Thread.setDefaultUncaughtExceptionHandler(null);
        ReentrantLock lock = new ReentrantLock();
        Thread owner = new Thread(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + ": " + e));
            lock.lock();
            synchronized (locks[2]) {
                throw new IllegalStateException("with two locks");
            }
        }, "owner");
        owner.start();
        owner.join();
        System.out.println("a dead thread keeps its ReentrantLock: " + lock.isLocked() + " " + lock.tryLock(1, TimeUnit.MILLISECONDS));
        allFree("exception");

        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int n = i;
            results.add(pool.submit(() -> {
                synchronized (locks[n % 3]) {
                    if (n % 2 == 0) throw new ArithmeticException("task " + n);
                    return n;
                }
            }));
        }
        for (Future<Integer> result : results) {
            try {
                System.out.println(result.get());
            } catch (java.util.concurrent.ExecutionException e) {
                System.out.println(e.getCause());
            }
        }
        // A worker that dies is replaced.
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> {});
        for (int i = 0; i < 4; i++) {
            pool.execute(() -> {
                synchronized (locks[0]) {
                    throw new IllegalStateException("a worker dies");
                }
            });
        }
        System.out.println(pool.submit(() -> "the pool goes on").get());
        pool.shutdown();
        System.out.println(pool.awaitTermination(60, TimeUnit.SECONDS));
        allFree("pool");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("hook");
            throw new IllegalStateException("in a hook");
        }));
        synchronized (locks[1]) {
            System.exit(3);
        }
    }
}
