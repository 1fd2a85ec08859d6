// suite: once
/** ConcurrentLinkedQueue and Deque, CopyOnWrite collections, synchronized wrappers, Vector, Hashtable: nothing lost under threads. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class ConcurrentQueues {
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
        for (Queue<Integer> queue : List.of(new ConcurrentLinkedQueue<Integer>(), new ConcurrentLinkedDeque<Integer>(), new LinkedTransferQueue<Integer>())) {
            AtomicLong sum = new AtomicLong();
            AtomicInteger taken = new AtomicInteger();
            boolean[] disorder = new boolean[1];
            parallel(6, n -> {
                if (n < 3) {
                    for (int i = 0; i < 1000; i++) queue.add(n * 1000 + i);
                    return;
                }
                int[] last = {-1, -1, -1};
                while (taken.get() < 3000) {
                    Integer got = queue.poll();
                    if (got == null) {
                        Thread.onSpinWait();
                        continue;
                    }
                    // Of one producer they come in its order.
                    if (got % 1000 <= last[got / 1000]) disorder[0] = true;
                    last[got / 1000] = got % 1000;
                    taken.incrementAndGet();
                    sum.addAndGet(got);
                }
            });
            System.out.println(queue.getClass().getSimpleName() + " " + sum + " " + queue.isEmpty() + " " + disorder[0] + " " + queue.peek());
        }
        ConcurrentLinkedDeque<Integer> deque = new ConcurrentLinkedDeque<>();
        AtomicInteger balance = new AtomicInteger();
        parallel(4, n -> {
            for (int i = 0; i < 1000; i++) {
                if (n % 2 == 0) deque.addFirst(i);
                else deque.addLast(i);
                if (i % 2 == 0 && (n < 2 ? deque.pollLast() : deque.pollFirst()) != null) balance.incrementAndGet();
            }
        });
        System.out.println(deque.size() + balance.get());
        ConcurrentLinkedDeque<String> ends = new ConcurrentLinkedDeque<>(List.of("b", "c"));
        ends.push("a");
        ends.offerLast("d");
        ends.removeFirstOccurrence("c");
        Iterator<String> backwards = ends.descendingIterator();
        System.out.println(ends + " " + backwards.next() + backwards.next() + " " + ends.pop() + ends.pollLast() + ends.getFirst());
        CopyOnWriteArrayList<Integer> list = new CopyOnWriteArrayList<>();
        parallel(4, n -> { for (int i = 0; i < 100; i++) list.add(n * 100 + i); });
        Iterator<Integer> snapshot = list.iterator();
        list.clear();
        int seen = 0;
        while (snapshot.hasNext()) seen += snapshot.next();
        System.out.println(seen + " " + list.size() + " " + list.addIfAbsent(1) + list.addIfAbsent(1) + " " + list.addAllAbsent(List.of(1, 2, 3, 3)) + " " + list);
        try {
            Iterator<Integer> iterator = list.iterator();
            iterator.next();
            iterator.remove();
        } catch (UnsupportedOperationException e) {
            System.out.println("no removal");
        }
        list.replaceAll(i -> i * 10);
        list.sort(Comparator.reverseOrder());
        list.removeIf(i -> i == 20);
        List<Integer> sub = list.subList(0, 1);
        list.add(5);
        try {
            System.out.println(sub.size());
        } catch (ConcurrentModificationException e) {
            System.out.println("the list changed " + list);
        }
        CopyOnWriteArraySet<Integer> set = new CopyOnWriteArraySet<>();
        AtomicInteger added = new AtomicInteger();
        parallel(4, n -> { for (int i = 0; i < 100; i++) if (set.add(i)) added.incrementAndGet(); });
        System.out.println(set.size() + " " + added);
        List<Integer> vector = new Vector<>(), wrapped = Collections.synchronizedList(new ArrayList<>());
        Map<Integer, Integer> table = new Hashtable<>(), map = Collections.synchronizedMap(new TreeMap<>());
        StringBuffer buffer = new StringBuffer();
        parallel(4, n -> {
            for (int i = 0; i < 250; i++) {
                vector.add(i);
                wrapped.add(i);
                table.merge(i, 1, Integer::sum);
                map.merge(i % 10, 1, Integer::sum);
                buffer.append("xy");
            }
        });
        System.out.println(vector.size() + " " + wrapped.size() + " " + table.get(17) + " " + map + " " + buffer.length() + " " + buffer.indexOf("yy"));
        BitSet primes = new BitSet();
        Object lock = new Object();
        parallel(3, n -> {
            for (int i = 2 + n; i < 1000; i += 3) {
                boolean prime = true;
                for (int d = 2; d * d <= i && prime; d++) prime = i % d != 0;
                if (!prime) continue;
                synchronized (lock) {
                    primes.set(i);
                }
            }
        });
        System.out.println(primes.cardinality());
    }
}
