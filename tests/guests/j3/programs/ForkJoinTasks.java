// suite: once
/** ForkJoinPool: recursive tasks and actions, counted completers, exceptions, invokeAll, unfork, adapt, async mode, managed blockers. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class ForkJoinTasks {
    static class Sort extends RecursiveAction {
        final int[] a;
        final int from, to;
        Sort(int[] a, int from, int to) { this.a = a; this.from = from; this.to = to; }
        @Override protected void compute() {
            if (to - from < 500) {
                Arrays.sort(a, from, to);
                return;
            }
            int middle = (from + to) >>> 1;
            invokeAll(new Sort(a, from, middle), new Sort(a, middle, to));
            int[] left = Arrays.copyOfRange(a, from, middle);
            for (int i = 0, j = middle, k = from; i < left.length; k++) a[k] = j == to || left[i] <= a[j] ? left[i++] : a[j++];
        }
    }

    static class Sum extends RecursiveTask<Long> {
        final long from, to;
        Sum(long from, long to) { this.from = from; this.to = to; }
        @Override protected Long compute() {
            if (to - from <= 1000) {
                long sum = 0;
                for (long i = from; i < to; i++) sum += i;
                return sum;
            }
            Sum left = new Sum(from, (from + to) / 2), right = new Sum((from + to) / 2, to);
            left.fork();
            return right.compute() + left.join();
        }
    }

    /** Counts the leaves of a tree of completers. */
    static class Count extends CountedCompleter<Integer> {
        final int depth;
        final AtomicInteger leaves;
        Count(CountedCompleter<?> parent, int depth, AtomicInteger leaves) { super(parent); this.depth = depth; this.leaves = leaves; }
        @Override public void compute() {
            if (depth == 0) {
                leaves.incrementAndGet();
            } else {
                setPendingCount(2);
                new Count(this, depth - 1, leaves).fork();
                new Count(this, depth - 1, leaves).fork();
            }
            tryComplete();
        }
        @Override public Integer getRawResult() { return leaves.get(); }
    }

    static class Failing extends RecursiveTask<Integer> {
        final int depth;
        Failing(int depth) { this.depth = depth; }
        @Override protected Integer compute() {
            if (depth == 0) throw new IllegalArgumentException("at the leaf");
            Failing next = new Failing(depth - 1);
            next.fork();
            return next.join() + 1;
        }
    }

    public static void main(String[] args) throws Exception {
        ForkJoinPool pool = new ForkJoinPool(4);
        int[] numbers = new Random(7).ints(30_000).toArray();
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        pool.invoke(new Sort(numbers, 0, numbers.length));
        System.out.println(Arrays.equals(numbers, sorted));
        System.out.println(pool.submit(new Sum(0, 1_000_000)).get() + " " + new Sum(0, 100_000).invoke() + " " + ForkJoinPool.commonPool().invoke(new Sum(5, 70_000)));
        System.out.println(pool.invoke(new Count(null, 10, new AtomicInteger())));
        Failing failing = new Failing(5);
        try {
            pool.invoke(failing);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getClass().getSimpleName() + " " + failing.isCompletedAbnormally() + " " + failing.isCompletedNormally() + " " + failing.isCancelled());
        }
        try {
            pool.submit(new Failing(2)).get();
        } catch (ExecutionException e) {
            Throwable root = e;
            while (root.getCause() != null) root = root.getCause();
            System.out.println(root.getMessage());
        }
        // Inside the pool: where it runs, who it is, what can be taken back.
        System.out.println(pool.submit(() -> {
            Sum task = new Sum(0, 10);
            task.fork();
            long sum = task.tryUnfork() ? task.invoke() : task.join();
            return ForkJoinTask.inForkJoinPool() + " " + (ForkJoinTask.getPool() == pool) + " " + sum + " " + ForkJoinTask.getQueuedTaskCount();
        }).get());
        System.out.println(ForkJoinTask.inForkJoinPool() + " " + ForkJoinTask.getPool());
        ForkJoinTask<String> adapted = ForkJoinTask.adapt(() -> "adapted");
        System.out.println(pool.invoke(adapted) + " " + adapted.isDone() + " " + ForkJoinTask.adapt(() -> {}).invoke());
        Sum reused = new Sum(0, 100);
        System.out.println(reused.invoke());
        reused.reinitialize();
        System.out.println(reused.isDone() + " " + reused.invoke());
        Sum completed = new Sum(0, 10);
        completed.complete(-1L);
        System.out.println(completed.join() + " " + completed.isCompletedNormally());
        Sum cancelled = new Sum(0, 10);
        System.out.println(cancelled.cancel(true) + " " + cancelled.isCancelled());
        try {
            cancelled.join();
        } catch (CancellationException e) {
            System.out.println("cancelled");
        }
        // A pool of one makes another thread when its worker blocks and says so.
        ForkJoinPool one = new ForkJoinPool(1);
        CountDownLatch latch = new CountDownLatch(1);
        ForkJoinTask<String> blocked = one.submit(() -> {
            ForkJoinPool.managedBlock(new ForkJoinPool.ManagedBlocker() {
                @Override public boolean block() throws InterruptedException { latch.await(); return true; }
                @Override public boolean isReleasable() { return latch.getCount() == 0; }
            });
            return "unblocked";
        });
        one.submit(latch::countDown);
        System.out.println(blocked.get());
        one.shutdown();
        System.out.println(one.awaitTermination(100, TimeUnit.SECONDS) + " " + one.isTerminated());
        // Async mode: first in, first out for what is never joined.
        ForkJoinPool async = new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
        StringBuffer order = new StringBuffer();
        async.submit(() -> {
            for (int i = 0; i < 10; i++) {
                int n = i;
                ForkJoinTask.adapt(() -> order.append(n)).fork();
            }
        }).get();
        while (order.length() < 10) Thread.yield();
        System.out.println(order + " " + async.getAsyncMode() + " " + async.getParallelism());
        async.shutdownNow();
        System.out.println(pool.awaitQuiescence(100, TimeUnit.SECONDS) + " " + pool.getQueuedSubmissionCount() + " " + pool.hasQueuedSubmissions());
        pool.shutdown();
        try {
            pool.submit(() -> 1);
        } catch (RejectedExecutionException e) {
            System.out.println("rejected");
        }
        System.out.println(ForkJoinPool.commonPool().getParallelism() >= 1);
        ForkJoinPool.commonPool().shutdownNow();
        System.out.println(ForkJoinPool.commonPool().isShutdown());
        Thread worker = CompletableFuture.supplyAsync(Thread::currentThread).get();
        System.out.println(worker.isDaemon() + " " + worker.getName().startsWith("ForkJoinPool.commonPool-worker-"));
        List<Integer> results = new ArrayList<>();
        for (ForkJoinTask<Integer> t : ForkJoinTask.invokeAll(List.of(ForkJoinTask.adapt(() -> 1), ForkJoinTask.adapt(() -> 2)))) results.add(t.join());
        System.out.println(results);
    }
}
