// suite: once
/** All the executors of Executors and ThreadPoolExecutor's own settings: sizes, queues, rejection, shutdown, hooks, factories. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class ExecutorKinds {
    interface Body { void run() throws Exception; }

    static void attempt(String what, Body body) {
        try {
            body.run();
            System.out.println(what + ": done");
        } catch (Exception e) {
            System.out.println(what + ": " + e.getClass().getName());
        }
    }

    static int sum(ExecutorService pool) throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int n = i;
            tasks.add(() -> n);
        }
        int sum = 0;
        for (Future<Integer> f : pool.invokeAll(tasks)) sum += f.get();
        return sum;
    }

    static void end(ExecutorService pool) throws Exception {
        pool.shutdown();
        System.out.println(pool.awaitTermination(100, TimeUnit.SECONDS) + " " + pool.isShutdown() + " " + pool.isTerminated());
    }

    public static void main(String[] args) throws Exception {
        for (ExecutorService pool : List.of(Executors.newFixedThreadPool(4), Executors.newCachedThreadPool(), Executors.newSingleThreadExecutor(), Executors.newWorkStealingPool(2), Executors.newScheduledThreadPool(2), new ForkJoinPool(3))) {
            System.out.print(sum(pool) + " " + pool.invokeAny(List.of(() -> "any", () -> { throw new Exception(); })) + " ");
            end(pool);
        }
        // Two threads, a queue of three: the sixth task is refused.
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor small = new ThreadPoolExecutor(1, 2, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(3), r -> new Thread(r, "small-" + number.incrementAndGet()));
        Set<String> names = Collections.synchronizedSet(new TreeSet<>());
        Runnable task = () -> {
            names.add(Thread.currentThread().getName());
            try {
                go.await();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        };
        for (int i = 0; i < 5; i++) small.execute(task);
        System.out.println(small.getPoolSize() + " " + small.getQueue().size() + " " + small.getLargestPoolSize());
        attempt("sixth", () -> small.execute(task));
        small.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        attempt("discarded", () -> small.execute(task));
        small.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
        attempt("run by the caller", () -> small.execute(() -> System.out.println("in " + Thread.currentThread().getName())));
        small.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardOldestPolicy());
        attempt("oldest discarded", () -> small.execute(() -> System.out.println("the newest")));
        go.countDown();
        end(small);
        System.out.println(small.getCompletedTaskCount() + " " + names);
        // Hooks around tasks; a task that fails ends its worker.
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        ThreadPoolExecutor hooked = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
            @Override protected void beforeExecute(Thread t, Runnable r) { log.add("before"); }
            @Override protected void afterExecute(Runnable r, Throwable t) { log.add("after " + t); }
            @Override protected void terminated() { log.add("terminated"); }
        };
        hooked.setThreadFactory(r -> {
            Thread t = new Thread(r);
            t.setUncaughtExceptionHandler((x, e) -> log.add("uncaught " + e.getMessage()));
            return t;
        });
        hooked.execute(() -> log.add("task"));
        Future<?> submitted = hooked.submit(() -> { throw new RuntimeException("kept"); });
        attempt("submitted", submitted::get);
        hooked.execute(() -> { throw new RuntimeException("thrown"); });
        end(hooked);
        log.remove("uncaught thrown");
        System.out.println(log);
        // shutdownNow interrupts, and gives back what waits.
        ExecutorService busy = Executors.newFixedThreadPool(1);
        CountDownLatch begun = new CountDownLatch(1);
        Future<String> interrupted = busy.submit(() -> {
            begun.countDown();
            try {
                Thread.sleep(1_000_000);
                return "slept";
            } catch (InterruptedException e) {
                return "interrupted";
            }
        });
        for (int i = 0; i < 3; i++) busy.submit(() -> System.out.println("never"));
        begun.await();
        System.out.println(busy.shutdownNow().size() + " left, " + interrupted.get());
        attempt("after shutdown", () -> busy.submit(() -> 1));
        end(busy);
        // Cores that time out, and those started in advance.
        ThreadPoolExecutor timed = new ThreadPoolExecutor(3, 3, 10, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>());
        timed.allowCoreThreadTimeOut(true);
        System.out.println(timed.prestartAllCoreThreads());
        while (timed.getPoolSize() > 0) Thread.sleep(2);
        System.out.println(sum(timed) + " " + timed.getKeepAliveTime(TimeUnit.MICROSECONDS));
        timed.setCorePoolSize(1);
        timed.setMaximumPoolSize(1);
        attempt("maximum below core", () -> timed.setMaximumPoolSize(0));
        end(timed);
        // Cancelling: before it runs, while it runs, afterwards.
        ExecutorService single = Executors.newSingleThreadExecutor();
        CountDownLatch gate = new CountDownLatch(1);
        Future<?> running = single.submit(() -> { gate.await(); return 1; });
        Future<?> waiting = single.submit(() -> System.out.println("cancelled, and yet it ran"));
        System.out.println(waiting.cancel(false) + " " + waiting.isCancelled() + " " + waiting.isDone() + " " + waiting.cancel(true));
        Thread.sleep(5);
        System.out.println(running.cancel(true));
        attempt("get", running::get);
        Future<Integer> last = single.submit(() -> 1);
        System.out.println(last.get() + " " + last.cancel(true));
        end(single);
        ExecutorCompletionService<Integer> completion = new ExecutorCompletionService<>(ForkJoinPool.commonPool());
        for (int i = 1; i <= 10; i++) {
            int n = i;
            completion.submit(() -> n * n);
        }
        int total = 0;
        for (int i = 0; i < 10; i++) total += completion.take().get();
        System.out.println(total + " " + completion.poll());
        attempt("wrong sizes", () -> new ThreadPoolExecutor(2, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
        attempt("invokeAny of none", () -> ForkJoinPool.commonPool().invokeAny(List.<Callable<Integer>>of()));
        System.out.println(Executors.callable(() -> {}, "value").call());
    }
}
