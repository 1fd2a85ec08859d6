import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RecursiveTask;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The same work by one thread and by the common pool, in turns: BothCores [milliseconds of each]. A line for each kind of work: its name, wall time of one
 * turn alone and together in ms, and processor time / wall time of all turns alone and together.
 */
public class BothCores {
    static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    static volatile long sink;

    static boolean isPrime(int n) {
        for (int d = 3; d * d <= n; d += 2) if (n % d == 0) return false;
        return n % 2 != 0;
    }

    static long collatz(int from, int to) {
        long steps = 0;
        for (int i = from; i < to; i++) for (long n = i; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) steps++;
        return steps;
    }

    static class Steps extends RecursiveTask<Long> {
        final int from, to;
        Steps(int from, int to) { this.from = from; this.to = to; }
        @Override protected Long compute() {
            if (to - from <= 1000) return collatz(from, to);
            Steps left = new Steps(from, (from + to) / 2), right = new Steps((from + to) / 2, to);
            left.fork();
            return right.compute() + left.join();
        }
    }

    interface Work { long run(boolean together); }

    static final int[] NUMBERS = new Random(1).ints(300_000).toArray();

    static long primes(boolean together) {
        IntStream range = IntStream.range(3, 150_000);
        return (together ? range.parallel() : range).filter(BothCores::isPrime).count();
    }

    static long steps(boolean together) { return together ? new Steps(1, 60_000).invoke() : collatz(1, 60_000); }

    static long sorted(boolean together) {
        int[] copy = NUMBERS.clone();
        if (together) Arrays.parallelSort(copy);
        else Arrays.sort(copy);
        return copy[1000];
    }

    static long texts(boolean together) {
        IntStream range = IntStream.range(0, 60_000);
        return (together ? range.parallel() : range).mapToObj(i -> Integer.toString(i * 31, 7) + i).mapToLong(String::hashCode).sum();
    }

    static long futures(boolean together) {
        if (!together) return collatz(1, 60_000);
        IntFunction<CompletableFuture<Long>> part = i -> CompletableFuture.supplyAsync(() -> collatz(Math.max(1, i * 3000), (i + 1) * 3000));
        return IntStream.range(0, 20).mapToObj(part).toList().stream().mapToLong(CompletableFuture::join).sum();
    }

    static void measure(String name, Work work, long nanos) {
        long[] wall = new long[2], cpu = new long[2], best = {Long.MAX_VALUE, Long.MAX_VALUE};
        if (work.run(false) != work.run(true)) throw new AssertionError(name);
        for (int i = 0; i < 10; i++) sink += work.run(i % 2 == 0);
        while (wall[0] + wall[1] < 2 * nanos) {
            for (int k = 0; k < 2; k++) {
                long time = System.nanoTime(), used = SYSTEM.getProcessCpuTime();
                for (int i = 0; i < 5; i++) {
                    long start = System.nanoTime();
                    sink += work.run(k == 1);
                    best[k] = Math.min(best[k], System.nanoTime() - start);
                }
                cpu[k] += SYSTEM.getProcessCpuTime() - used;
                wall[k] += System.nanoTime() - time;
            }
        }
        System.out.printf("%s: %.2f %.2f %.2f %.2f%n", name, best[0] / 1e6, best[1] / 1e6, (double) cpu[0] / wall[0], (double) cpu[1] / wall[1]);
    }

    public static void main(String[] args) {
        long nanos = (args.length == 0 ? 2000 : Long.parseLong(args[0])) * 1_000_000;
        measure("parallel stream, primes", BothCores::primes, nanos);
        measure("parallel stream, texts", BothCores::texts, nanos);
        measure("fork and join", BothCores::steps, nanos);
        measure("futures", BothCores::futures, nanos);
        measure("parallelSort", BothCores::sorted, nanos);
    }
}
