/** ArrayList, LinkedList, ArrayDeque, PriorityQueue, BitSet, iterators, sublists, sorting, immutable lists, failing fast. */
import java.util.*;

public class ListsAndDeques {
    static class Countdown implements Iterable<Integer> {
        final int from;
        Countdown(int from) { this.from = from; }
        public Iterator<Integer> iterator() {
            return new Iterator<>() {
                int next = from;
                public boolean hasNext() { return next > 0; }
                public Integer next() {
                    if (!hasNext()) throw new NoSuchElementException("done");
                    return next--;
                }
            };
        }
    }

    public static void main(String[] args) {
        List<Integer> list = new ArrayList<>();
        for (int i : new Countdown(10)) list.add(i * 7 % 11);
        System.out.println(list + " " + list.indexOf(4) + " " + list.contains(99) + " " + list.hashCode());
        Collections.sort(list);
        list.remove(0);
        list.remove(Integer.valueOf(5));
        list.add(2, 100);
        list.removeIf(x -> x % 4 == 0 && x < 50);
        list.replaceAll(x -> x + 1);
        System.out.println(list + " " + Collections.binarySearch(List.of(1, 3, 5, 7), 5) + " " + Collections.max(list) + Collections.min(list));
        List<Integer> view = list.subList(1, 4);
        view.set(0, -1);
        view.clear();
        System.out.println(list);
        ListIterator<Integer> it = list.listIterator(list.size());
        while (it.hasPrevious()) {
            int x = it.previous();
            if (x > 50) it.remove();
            else if (x % 2 == 0) it.set(x * 10);
            else it.add(x - 1);
            if (list.size() > 8) break;
        }
        System.out.println(list);
        try {
            for (Integer x : list) list.add(x);
        } catch (ConcurrentModificationException e) {
            System.out.println(e);
        }
        LinkedList<String> linked = new LinkedList<>(List.of("b", "c"));
        linked.addFirst("a");
        linked.add(3, "d");
        linked.removeLastOccurrence("c");
        System.out.println(linked + linked.peekLast() + linked.pollFirst() + linked.descendingIterator().next());
        ArrayDeque<Integer> deque = new ArrayDeque<>(2);
        for (int i = 0; i < 20; i++) if (i % 3 == 0) deque.push(i); else deque.offer(i);
        System.out.println(deque + " " + deque.pop() + deque.pollLast() + deque.size());
        PriorityQueue<String> queue = new PriorityQueue<>(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder()));
        queue.addAll(List.of("pear", "fig", "apple", "kiwi", "date", "nut"));
        StringBuilder order = new StringBuilder();
        while (!queue.isEmpty()) order.append(queue.poll()).append(' ');
        System.out.println(order);
        List<Integer> shuffled = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
        Collections.shuffle(shuffled, new Random(5));
        System.out.println(shuffled);
        Collections.rotate(shuffled, 3);
        Collections.swap(shuffled, 0, 7);
        Collections.reverse(shuffled);
        System.out.println(shuffled + " " + Collections.nCopies(3, "x") + Collections.frequency(List.of(1, 2, 1), 1) + Collections.disjoint(list, shuffled));
        BitSet bits = new BitSet();
        bits.set(3, 70);
        bits.andNot(BitSet.valueOf(new long[] {0xff00ff00L}));
        System.out.println(bits + " " + bits.cardinality() + " " + bits.nextClearBit(3));
        Integer[] array = {5, 3, 9, 1};
        Arrays.sort(array, Collections.reverseOrder());
        int[] large = new Random(1).ints(5000, 0, 1000).toArray();
        Arrays.sort(large);
        System.out.println(Arrays.asList(array) + " " + large[0] + " " + large[2500] + " " + large[4999] + " " + Arrays.binarySearch(large, large[100]) / 1000);
        System.out.println(List.of(1, 2).equals(Arrays.asList(1, 2)) + " " + List.copyOf(linked) + Collections.unmodifiableList(list).getClass().getSimpleName());
    }
}
