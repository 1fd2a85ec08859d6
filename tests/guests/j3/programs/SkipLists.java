// suite: once
/** ConcurrentSkipListMap and Set: sorted under threads, navigation, sub-maps that are views, polling from both ends. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class SkipLists {
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
        ConcurrentSkipListMap<Integer, String> map = new ConcurrentSkipListMap<>();
        parallel(4, n -> { for (int i = n; i < 4000; i += 4) map.put((i * 37) % 4000, "v" + i); });
        System.out.println(map.size() + " " + map.firstKey() + " " + map.lastKey());
        int last = -1;
        for (int k : map.keySet()) {
            if (k <= last) System.out.println("not sorted at " + k);
            last = k;
        }
        System.out.println(map.floorKey(-1) + " " + map.ceilingKey(1000) + " " + map.lowerKey(1000) + " " + map.higherEntry(1000));
        parallel(3, n -> { for (int i = n; i < 4000; i += 3) if (i % 2 == 0) map.remove(i); });
        System.out.println(map.size() + " " + map.ceilingKey(1000) + " " + map.headMap(11, false).keySet() + " " + map.descendingMap().headMap(3989).keySet());
        NavigableMap<Integer, String> view = map.subMap(100, true, 120, false);
        System.out.println(view.keySet() + " " + view.firstKey());
        map.put(110, "in the view");
        view.remove(101);
        System.out.println(view.keySet() + " " + map.containsKey(101));
        try {
            view.put(500, "outside");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        // Each entry is polled once, whoever polls.
        AtomicInteger polled = new AtomicInteger();
        AtomicLong keys = new AtomicLong();
        int size = map.size();
        long sum = map.keySet().stream().mapToLong(k -> k).sum();
        parallel(4, n -> {
            for (Map.Entry<Integer, String> e; (e = n % 2 == 0 ? map.pollFirstEntry() : map.pollLastEntry()) != null; ) {
                polled.incrementAndGet();
                keys.addAndGet(e.getKey());
            }
        });
        System.out.println((polled.get() == size) + " " + (keys.get() == sum) + " " + map.isEmpty() + " " + map.pollFirstEntry());
        ConcurrentSkipListSet<String> set = new ConcurrentSkipListSet<>(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder()));
        AtomicInteger added = new AtomicInteger();
        parallel(3, n -> { for (int i = 0; i < 300; i++) if (set.add(Integer.toString(i, 3))) added.incrementAndGet(); });
        System.out.println(set.size() + " " + added + " " + set.first() + " " + set.last() + " " + set.tailSet("22211").size() + " " + set.headSet("2").size());
        ConcurrentSkipListMap<String, Integer> counts = new ConcurrentSkipListMap<>();
        parallel(4, n -> { for (int i = 0; i < 1000; i++) counts.merge("k" + i % 9, 1, Integer::sum); });
        System.out.println(counts);
        System.out.println(counts.computeIfAbsent("new", k -> 1) + " " + counts.computeIfPresent("k0", (k, v) -> null) + " " + counts.compute("k1", (k, v) -> v + 1) + " " + counts.replace("k2", 444, 1) + " " + counts);
        // Weakly consistent: what is there all the time is met.
        ConcurrentSkipListSet<Integer> numbers = new ConcurrentSkipListSet<>();
        for (int i = 0; i < 2000; i += 2) numbers.add(i);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 1; !stop.get(); i = (i + 2) % 2001) {
                numbers.add(i | 1);
                numbers.remove((i + 1000) % 2000 | 1);
            }
        });
        writer.start();
        for (int round = 0; round < 5; round++) {
            long even = numbers.stream().filter(n -> n % 2 == 0).count();
            if (even != 1000) System.out.println(even);
        }
        stop.set(true);
        writer.join();
        numbers.removeIf(n -> n % 2 == 1);
        System.out.println(numbers.size() + " " + numbers.descendingSet().first() + " " + numbers.subSet(10, 20) + " " + numbers.pollFirst() + " " + numbers.pollLast());
    }
}
