// suite: once
/** ScheduledThreadPoolExecutor: order, delays, periods, cancelling, what happens to delayed tasks at a shutdown, tasks that throw. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class ScheduledPools {
    public static void main(String[] args) throws Exception {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
        StringBuffer log = new StringBuffer();
        CountDownLatch blocker = new CountDownLatch(1);
        pool.execute(() -> {
            try {
                blocker.await();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        // All are due when the blocker ends; they run by their times.
        long start = System.nanoTime();
        List<ScheduledFuture<?>> all = new ArrayList<>();
        for (int i = 5; i >= 1; i--) {
            int n = i;
            all.add(pool.schedule(() -> log.append(n), start + 300_000_000L + i * 20_000_000L - System.nanoTime(), TimeUnit.NANOSECONDS));
        }
        Thread.sleep(450);
        System.out.println(all.get(0).compareTo(all.get(1)) > 0 ? "later" : "sooner");
        System.out.println(all.get(0).getDelay(TimeUnit.NANOSECONDS) <= 0);
        blocker.countDown();
        for (Future<?> f : all) f.get();
        System.out.println(log + " " + (System.nanoTime() - start >= 10_000_000));
        ScheduledFuture<String> value = pool.schedule(() -> "value", 3, TimeUnit.MILLISECONDS);
        System.out.println(value.get() + " " + value.isDone());
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch ten = new CountDownLatch(10);
        start = System.nanoTime();
        ScheduledFuture<?> rate = pool.scheduleAtFixedRate(() -> { runs.incrementAndGet(); ten.countDown(); }, 0, 2, TimeUnit.MILLISECONDS);
        ten.await();
        System.out.println(System.nanoTime() - start >= 17_000_000);
        rate.cancel(false);
        try {
            rate.get();
        } catch (CancellationException e) {
            System.out.println("cancelled " + rate.isCancelled());
        }
        CountDownLatch five = new CountDownLatch(5);
        start = System.nanoTime();
        ScheduledFuture<?> delay = pool.scheduleWithFixedDelay(five::countDown, 1, 3, TimeUnit.MILLISECONDS);
        five.await();
        System.out.println(System.nanoTime() - start >= 12_000_000);
        delay.cancel(true);
        // One that throws runs no more.
        AtomicInteger times = new AtomicInteger();
        ScheduledFuture<?> failing = pool.scheduleAtFixedRate(() -> {
            if (times.incrementAndGet() == 3) throw new IllegalStateException("third time");
        }, 0, 1, TimeUnit.MILLISECONDS);
        try {
            failing.get();
        } catch (ExecutionException e) {
            System.out.println(e.getCause().getMessage() + " " + times);
        }
        try {
            pool.schedule(() -> 1, 100, TimeUnit.DAYS).get(5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("timeout " + pool.getQueue().size());
        }
        for (Runnable task : pool.getQueue()) ((Future<?>) task).cancel(false);
        System.out.println(pool.getQueue().size());
        pool.purge();
        System.out.println(pool.getQueue().size());
        pool.setRemoveOnCancelPolicy(true);
        pool.schedule(() -> 1, 1, TimeUnit.DAYS).cancel(false);
        System.out.println(pool.getQueue().size());
        // At a shutdown delayed tasks still run, periodic ones do not.
        AtomicBoolean delayed = new AtomicBoolean();
        pool.schedule(() -> delayed.set(true), 20, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> periodic = pool.scheduleAtFixedRate(() -> {}, 10, 10, TimeUnit.SECONDS);
        System.out.println(((RunnableScheduledFuture<?>) periodic).isPeriodic());
        pool.shutdown();
        System.out.println(pool.awaitTermination(100, TimeUnit.SECONDS) + " " + delayed + " " + periodic.isCancelled());
        ScheduledThreadPoolExecutor other = new ScheduledThreadPoolExecutor(2);
        other.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        ScheduledFuture<?> dropped = other.schedule(() -> System.out.println("never"), 50, TimeUnit.MILLISECONDS);
        other.shutdown();
        System.out.println(other.awaitTermination(100, TimeUnit.SECONDS) + " " + dropped.isCancelled());
        try {
            other.schedule(() -> 1, 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            System.out.println("rejected");
        }
        ScheduledExecutorService single = Executors.newSingleThreadScheduledExecutor();
        Thread first = single.schedule(Thread::currentThread, 1, TimeUnit.MILLISECONDS).get();
        Thread second = single.submit(Thread::currentThread).get();
        System.out.println(first == second);
        System.out.println(single.shutdownNow().size());
        try {
            single.scheduleAtFixedRate(() -> {}, 0, 0, TimeUnit.SECONDS);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }
}
