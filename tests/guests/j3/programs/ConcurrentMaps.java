/** ConcurrentHashMap: compute, merge, bulk operations in parallel, iteration while others write, resizing under threads, trees of colliding keys. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

public class ConcurrentMaps {
    /** All the same hash. */
    record Colliding(int n) implements Comparable<Colliding> {
        @Override public int hashCode() { return 42; }
        @Override public int compareTo(Colliding o) { return Integer.compare(n, o.n); }
    }

    static void parallel(int threads, java.util.function.IntConsumer body) throws InterruptedException {
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int n = i;
            all[i] = new Thread(() -> body.accept(n));
            all[i].start();
        }
        for (Thread t : all) t.join();
    }

    public static void main(String[] args) throws Exception {
        ConcurrentHashMap<String, Integer> words = new ConcurrentHashMap<>();
        parallel(4, n -> { for (int i = 0; i < 2000; i++) words.merge("w" + i % 50, 1, Integer::sum); });
        System.out.println(words.size() + " " + words.get("w7") + " " + words.reduceValues(1, Integer::sum));
        ConcurrentHashMap<Integer, AtomicInteger> computed = new ConcurrentHashMap<>();
        AtomicInteger made = new AtomicInteger();
        parallel(6, n -> {
            for (int i = 0; i < 500; i++) computed.computeIfAbsent(i, k -> { made.incrementAndGet(); return new AtomicInteger(); }).incrementAndGet();
        });
        System.out.println(made + " " + computed.values().stream().mapToInt(AtomicInteger::get).sum());
        ConcurrentHashMap<Integer, Integer> numbers = new ConcurrentHashMap<>();
        parallel(4, n -> { for (int i = n; i < 20_000; i += 4) numbers.put(i, i); });
        System.out.println(numbers.size() + " " + numbers.mappingCount() + " " + numbers.containsKey(19_999) + " " + numbers.containsValue(12_345));
        System.out.println(numbers.reduceValuesToLong(100, Integer::longValue, 0, Long::sum) + " " + numbers.reduceKeys(100, Math::max) + " " + numbers.search(100, (k, v) -> k == 777 ? "found " + v : null));
        LongAdder adder = new LongAdder();
        numbers.forEach(50, (k, v) -> adder.add(k - v + 1));
        numbers.forEachKey(50, k -> { if (k % 2 == 0) adder.increment(); });
        System.out.println(adder + " " + numbers.reduce(64, (k, v) -> k % 1000 == 0 ? 1 : null, Integer::sum) + " " + numbers.reduceToInt(64, (k, v) -> k & 1, 0, Integer::sum));
        numbers.replaceAll((k, v) -> v * 2);
        System.out.println(numbers.compute(5, (k, v) -> v + 1) + " " + numbers.computeIfPresent(6, (k, v) -> null) + " " + numbers.computeIfPresent(6, (k, v) -> v) + " " + numbers.putIfAbsent(6, 1) + " " + numbers.replace(6, 1, 2) + " " + numbers.remove(6, 1) + " " + numbers.getOrDefault(-1, -1));
        // Iterators see what there was, and perhaps what comes; they never fail.
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                numbers.put(100_000 + i % 1000, i);
                numbers.remove(100_000 + (i + 500) % 1000);
            }
        });
        writer.start();
        for (int round = 0; round < 5; round++) {
            int seen = 0;
            for (int k : numbers.keySet()) if (k < 20_000) seen++;
            if (seen != 20_000) System.out.println("seen " + seen);
        }
        stop.set(true);
        writer.join();
        ConcurrentHashMap<Colliding, Integer> tree = new ConcurrentHashMap<>();
        parallel(4, n -> { for (int i = n; i < 800; i += 4) tree.put(new Colliding(i), i); });
        parallel(4, n -> { for (int i = n; i < 800; i += 4) if (i % 3 == 0) tree.remove(new Colliding(i)); });
        System.out.println(tree.size() + " " + tree.get(new Colliding(500)) + " " + tree.get(new Colliding(300)) + " " + tree.values().stream().mapToInt(i -> i).sum());
        try {
            numbers.computeIfAbsent(-5, k -> numbers.computeIfAbsent(-5, x -> 1));
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            numbers.put(null, 1);
        } catch (NullPointerException e) {
            System.out.println("no nulls");
        }
        Set<Integer> set = ConcurrentHashMap.newKeySet();
        AtomicInteger added = new AtomicInteger();
        parallel(5, n -> { for (int i = 0; i < 1000; i++) if (set.add(i)) added.incrementAndGet(); });
        System.out.println(set.size() + " " + added);
        // A computation that fails leaves nothing behind, and releases those who wait for it.
        ConcurrentHashMap<String, String> failing = new ConcurrentHashMap<>();
        CountDownLatch inside = new CountDownLatch(1);
        Thread computing = new Thread(() -> {
            try {
                failing.computeIfAbsent("k", k -> {
                    inside.countDown();
                    try {
                        Thread.sleep(20);
                    } catch (InterruptedException e) {
                        System.out.println(e);
                    }
                    throw new IllegalArgumentException("fails");
                });
            } catch (IllegalArgumentException e) {
                synchronized (failing) {
                    System.out.println(e.getMessage());
                }
            }
        });
        computing.start();
        inside.await();
        String value = failing.computeIfAbsent("k", k -> "second");
        computing.join();
        System.out.println(value + " " + failing);
        // A copy of a map that changes is one that it was or nearly: transfers keep the sum within bounds when done under compute.
        ConcurrentSkipListMap<String, Integer> sorted = new ConcurrentSkipListMap<>(words);
        System.out.println(sorted.firstKey() + " " + sorted.lastEntry() + " " + sorted.headMap("w12").size());
        System.out.println(IntStream.range(0, 1000).parallel().boxed().collect(Collectors.toConcurrentMap(i -> i % 10, i -> 1, Integer::sum)));
    }
}
