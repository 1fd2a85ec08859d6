/** Executors, futures, CompletableFuture, latches, barriers, semaphores, ReentrantLock with conditions, blocking queues, fork-join. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class ExecutorsAndLocks {
    static class Fibonacci extends RecursiveTask<Long> {
        final int n;
        Fibonacci(int n) { this.n = n; }
        @Override protected Long compute() {
            if (n < 10) return n < 2 ? n : new Fibonacci(n - 1).compute() + new Fibonacci(n - 2).compute();
            Fibonacci left = new Fibonacci(n - 1);
            left.fork();
            return new Fibonacci(n - 2).compute() + left.join();
        }
    }

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            int n = i;
            tasks.add(() -> n * n);
        }
        int sum = 0;
        for (Future<Integer> f : pool.invokeAll(tasks)) sum += f.get();
        Future<?> failing = pool.submit(() -> { throw new IllegalStateException("task failed"); });
        try {
            failing.get();
        } catch (ExecutionException e) {
            System.out.println(sum + " " + e.getMessage() + " " + failing.isDone());
        }
        Future<String> slow = pool.submit(() -> { Thread.sleep(60_000); return "late"; });
        try {
            slow.get(20, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("timeout " + slow.cancel(true) + " " + slow.isCancelled());
        }
        CountDownLatch latch = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) pool.execute(latch::countDown);
        latch.await();
        pool.shutdown();
        System.out.println(pool.awaitTermination(60, TimeUnit.SECONDS) + " " + pool.isTerminated() + " " + latch.getCount());
        try {
            pool.execute(() -> { });
        } catch (RejectedExecutionException e) {
            System.out.println("rejected");
        }
        CompletableFuture<String> chain = CompletableFuture.supplyAsync(() -> 6).thenApply(x -> x * 7).thenCombine(CompletableFuture.supplyAsync(() -> "!"), (a, b) -> a + b).exceptionally(t -> "never");
        System.out.println(chain.get() + " " + CompletableFuture.supplyAsync(() -> 1 / (chain.join().length() - 3)).handle((v, t) -> t == null ? "value" : t.getClass().getSimpleName()).join());
        ReentrantLock lock = new ReentrantLock(true);
        Condition changed = lock.newCondition();
        int[] state = {0};
        Thread consumer = new Thread(() -> {
            lock.lock();
            try {
                while (state[0] < 3) changed.awaitUninterruptibly();
                state[0] = 100 + lock.getHoldCount();
            } finally {
                lock.unlock();
            }
        });
        consumer.start();
        for (int i = 0; i < 3; i++) {
            lock.lock();
            state[0]++;
            changed.signalAll();
            lock.unlock();
        }
        consumer.join();
        System.out.println(state[0] + " " + lock.isLocked() + lock.tryLock() + lock.isHeldByCurrentThread());
        ReadWriteLock rw = new ReentrantReadWriteLock();
        rw.readLock().lock();
        System.out.println(rw.writeLock().tryLock() + " " + rw.readLock().tryLock());
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
        Thread producer = new Thread(() -> {
            try {
                for (int i = 0; i < 100; i++) queue.put(i);
                queue.put(-1);
            } catch (InterruptedException e) {
                System.out.println("producer interrupted");
            }
        });
        producer.start();
        long total = 0;
        for (int x; (x = queue.take()) >= 0;) total += x;
        System.out.println(total + " " + queue.poll(1, TimeUnit.MILLISECONDS) + " " + new ForkJoinPool(2).invoke(new Fibonacci(18)) + " " + ForkJoinPool.commonPool().invoke(new Fibonacci(15)));
        CyclicBarrier barrier = new CyclicBarrier(3, () -> System.out.println("barrier opens"));
        Thread[] parties = new Thread[3];
        for (int i = 0; i < 3; i++) {
            parties[i] = new Thread(() -> {
                try {
                    barrier.await();
                } catch (Exception e) {
                    System.out.println(e);
                }
            });
            parties[i].start();
        }
        for (Thread p : parties) p.join();
        Semaphore permits = new Semaphore(2);
        permits.acquire();
        System.out.println(permits.tryAcquire() + " " + permits.tryAcquire() + " " + permits.availablePermits());
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        System.out.println(scheduler.schedule(() -> "scheduled", 10, TimeUnit.MILLISECONDS).get() + scheduler.shutdownNow().size());
        Exchanger<String> exchanger = new Exchanger<>();
        Thread swap = new Thread(() -> {
            try {
                System.out.println("other got " + exchanger.exchange("from other"));
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        swap.start();
        String got = exchanger.exchange("from main");
        swap.join();
        System.out.println("main got " + got);
    }
}
