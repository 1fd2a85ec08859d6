/** AtomicInteger, AtomicLong, AtomicReference, arrays, LongAdder, field updaters, ConcurrentHashMap under contention. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class AtomicsAndMaps {
    volatile int field;
    static final AtomicIntegerFieldUpdater<AtomicsAndMaps> FIELD = AtomicIntegerFieldUpdater.newUpdater(AtomicsAndMaps.class, "field");

    static void parallel(int threads, IntTask task) throws InterruptedException {
        Thread[] all = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int id = t;
            all[t] = new Thread(() -> task.run(id));
            all[t].start();
        }
        for (Thread t : all) t.join();
    }

    interface IntTask { void run(int id); }

    public static void main(String[] args) throws Exception {
        AtomicInteger counter = new AtomicInteger();
        AtomicLong maximum = new AtomicLong(Long.MIN_VALUE);
        LongAdder adder = new LongAdder();
        AtomicReference<List<Integer>> list = new AtomicReference<>(List.of());
        AtomicIntegerArray array = new AtomicIntegerArray(8);
        AtomicsAndMaps object = new AtomicsAndMaps();
        parallel(4, id -> {
            for (int i = 0; i < 5000; i++) {
                counter.incrementAndGet();
                maximum.accumulateAndGet(i * (id + 1L), Math::max);
                adder.add(i);
                array.getAndAdd(i & 7, id);
                FIELD.incrementAndGet(object);
                if (i % 1000 == 0) {
                    int value = id * 10000 + i;
                    list.updateAndGet(old -> {
                        List<Integer> copy = new ArrayList<>(old);
                        copy.add(value);
                        return copy;
                    });
                }
            }
        });
        List<Integer> collected = new ArrayList<>(list.get());
        Collections.sort(collected);
        System.out.println(counter + " " + maximum + " " + adder.sum() + " " + array + " " + object.field + " " + collected);
        System.out.println(counter.compareAndSet(20000, 1) + " " + counter.compareAndSet(20000, 2) + " " + counter.getAndSet(9) + counter.getAndUpdate(x -> x * 2) + counter.addAndGet(-8));
        AtomicStampedReference<String> stamped = new AtomicStampedReference<>("a", 0);
        System.out.println(stamped.compareAndSet("a", "b", 1, 2) + " " + stamped.compareAndSet("a", "b", 0, 1) + " " + stamped.getReference() + stamped.getStamp() + new AtomicBoolean(true).getAndSet(false));
        ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        parallel(4, id -> {
            for (int i = 0; i < 2000; i++) {
                map.merge("k" + i % 50, 1, Integer::sum);
                map.computeIfAbsent("only" + i % 10, k -> k.length());
                map.compute("shared", (k, v) -> v == null ? 1 : v + 1);
            }
        });
        System.out.println(map.size() + " " + map.get("k7") + " " + map.get("only3") + " " + map.get("shared") + " " + map.reduceValuesToInt(1000, Integer::intValue, 0, Integer::sum));
        ConcurrentHashMap<Integer, Boolean> large = new ConcurrentHashMap<>(4);
        parallel(3, id -> { for (int i = id; i < 30_000; i += 3) large.put(i, Boolean.TRUE); });
        parallel(3, id -> { for (int i = id; i < 30_000; i += 3) if (i % 2 == 0) large.remove(i); });
        System.out.println(large.size() + " " + large.containsKey(29_999) + large.containsKey(4));
        ConcurrentSkipListMap<Integer, String> skip = new ConcurrentSkipListMap<>();
        parallel(3, id -> { for (int i = 0; i < 500; i++) skip.put(i * 3 + id, "v" + id); });
        System.out.println(skip.size() + " " + skip.firstEntry() + " " + skip.floorKey(1000) + " " + skip.headMap(5));
        CopyOnWriteArrayList<Integer> cow = new CopyOnWriteArrayList<>(List.of(1, 2, 3));
        for (Integer x : cow) cow.add(x * 10);
        ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
        parallel(2, id -> { for (int i = 0; i < 1000; i++) queue.offer(i); });
        System.out.println(cow + " " + queue.stream().mapToInt(x -> x).sum());
    }
}
