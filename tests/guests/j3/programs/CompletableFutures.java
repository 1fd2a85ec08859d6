/** CompletableFuture: each way to combine, exceptions on their way, cancelling, completing from outside, all and any, executors of one's own. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.*;
import java.util.stream.*;

public class CompletableFutures {
    static String how(CompletableFuture<?> f) {
        try {
            return "" + f.get(100, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return "failed: " + e.getCause();
        } catch (CancellationException e) {
            return "cancelled";
        } catch (Exception e) {
            return "" + e;
        }
    }

    public static void main(String[] args) throws Exception {
        CompletableFuture<Integer> seven = CompletableFuture.supplyAsync(() -> 7), six = CompletableFuture.completedFuture(6);
        System.out.println(how(seven.thenApply(n -> n + 1)) + " " + how(seven.thenApplyAsync(n -> n * 2)) + " " + how(seven.thenCompose(n -> CompletableFuture.supplyAsync(() -> n * 3))));
        System.out.println(how(seven.thenCombine(six, (a, b) -> a * b)) + " " + how(seven.thenCombineAsync(six, Integer::sum)) + " " + how(seven.thenAcceptBoth(six, (a, b) -> {})));
        StringBuffer log = new StringBuffer();
        seven.thenAccept(n -> log.append("accept ").append(n)).thenRun(() -> log.append(" run")).thenRunAsync(() -> log.append(" async")).join();
        seven.runAfterBoth(six, () -> log.append(" both")).join();
        System.out.println(log);
        CompletableFuture<Integer> never = new CompletableFuture<>();
        System.out.println(how(never.applyToEither(six, n -> n + 100)) + " " + how(six.acceptEither(never, n -> {})) + " " + how(never.runAfterEither(six, () -> {})));
        CompletableFuture<Integer> failing = CompletableFuture.supplyAsync(() -> { throw new IllegalStateException("no value"); });
        System.out.println(how(failing) + " " + failing.isCompletedExceptionally() + " " + failing.isDone());
        System.out.println(how(failing.thenApply(n -> n + 1).thenCompose(n -> six)));
        System.out.println(how(failing.exceptionally(t -> t instanceof CompletionException ? -1 : -2)) + " " + how(failing.handle((v, t) -> v + " " + t.getCause().getMessage())));
        System.out.println(how(failing.whenComplete((v, t) -> log.append(v == null))) + " " + how(six.whenComplete((v, t) -> { throw new IllegalArgumentException("in whenComplete"); })));
        System.out.println(how(failing.exceptionallyAsync(t -> 5)) + " " + how(failing.exceptionallyCompose(t -> six)) + " " + how(six.handleAsync((v, t) -> v + "" + t)));
        CompletableFuture<String> outside = new CompletableFuture<>();
        CompletableFuture<String> dependent = outside.thenApply(String::toUpperCase);
        System.out.println(outside.getNow("absent") + " " + outside.complete("present") + " " + outside.complete("again") + " " + outside.getNow("absent") + " " + how(dependent));
        outside.obtrudeValue("obtruded");
        System.out.println(outside.join() + " " + how(dependent));
        CompletableFuture<String> exceptional = new CompletableFuture<>();
        CompletableFuture<String> after = exceptional.thenApply(s -> s);
        System.out.println(exceptional.completeExceptionally(new RuntimeException("given")) + " " + how(exceptional) + " " + how(after));
        try {
            after.join();
        } catch (CompletionException e) {
            System.out.println(e + " | " + e.getCause());
        }
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        CompletableFuture<String> behind = cancelled.thenApply(s -> s + "!");
        System.out.println(cancelled.cancel(true) + " " + cancelled.isCancelled() + " " + how(cancelled) + " " + how(behind) + " " + behind.isCancelled());
        List<CompletableFuture<Integer>> many = IntStream.range(0, 50).mapToObj(i -> CompletableFuture.supplyAsync(() -> i * i)).collect(Collectors.toList());
        CompletableFuture<Void> all = CompletableFuture.allOf(many.toArray(new CompletableFuture<?>[0]));
        System.out.println(how(all.thenApply(v -> many.stream().mapToInt(CompletableFuture::join).sum())));
        System.out.println(how(CompletableFuture.anyOf(never, new CompletableFuture<>(), six)) + " " + how(CompletableFuture.allOf(six, failing)) + " " + how(CompletableFuture.allOf()) + " " + CompletableFuture.anyOf().isDone());
        ExecutorService own = Executors.newFixedThreadPool(2, r -> new Thread(r, "own"));
        System.out.println(how(CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), own)) + " " + how(six.thenApplyAsync(n -> Thread.currentThread().getName(), own)) + " " + how(CompletableFuture.runAsync(() -> {}, own)));
        System.out.println(how(CompletableFuture.supplyAsync(() -> Thread.currentThread() instanceof ForkJoinWorkerThread)));
        // A long chain does not use up the stack.
        CompletableFuture<Integer> head = new CompletableFuture<>();
        CompletableFuture<Integer> tail = head;
        for (int i = 0; i < 20_000; i++) tail = tail.thenApply(n -> n + 1);
        head.complete(0);
        System.out.println(how(tail) + " " + head.getNumberOfDependents());
        CompletionStage<String> minimal = CompletableFuture.completedStage("stage");
        try {
            ((CompletableFuture<String>) minimal).join();
        } catch (UnsupportedOperationException e) {
            System.out.println("minimal " + how(minimal.toCompletableFuture()));
        }
        System.out.println(how(CompletableFuture.failedFuture(new Exception("failed from the start"))) + " " + how(six.copy()) + " " + how(six.newIncompleteFuture().completeAsync(() -> 3)));
        // Time limits.
        System.out.println(how(new CompletableFuture<String>().orTimeout(5, TimeUnit.MILLISECONDS)) + " " + how(new CompletableFuture<String>().completeOnTimeout("default", 5, TimeUnit.MILLISECONDS)) + " " + how(CompletableFuture.completedFuture("soon").orTimeout(1, TimeUnit.DAYS)));
        try {
            never.get(3, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println(e);
        }
        long start = System.nanoTime();
        System.out.println(how(CompletableFuture.supplyAsync(() -> "delayed", CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS, own))) + " " + (System.nanoTime() - start >= 20_000_000));
        own.shutdown();
        System.out.println(own.awaitTermination(100, TimeUnit.SECONDS) + " " + never.isDone());
        // Threads that race to complete: one wins.
        for (int round = 0; round < 20; round++) {
            CompletableFuture<Integer> raced = new CompletableFuture<>();
            AtomicInteger winners = new AtomicInteger();
            Thread[] threads = new Thread[4];
            for (int i = 0; i < 4; i++) {
                int n = i;
                threads[i] = new Thread(() -> { if (raced.complete(n)) winners.incrementAndGet(); });
                threads[i].start();
            }
            for (Thread t : threads) t.join();
            if (winners.get() != 1) System.out.println(winners + " winners");
        }
        System.out.println(new CompletableFuture<>().toString().replaceAll("@[0-9a-f]+", "@") + " " + six.toString().replaceAll("@[0-9a-f]+", "@"));
    }
}
