// suite: once
/** Parallel streams give what sequential ones give: order, reductions, collectors, flatMap, short circuits, exceptions, big sorts, primitives. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

public class ParallelStreams {
    public static void main(String[] args) throws Exception {
        System.out.println(IntStream.rangeClosed(1, 100_000).parallel().asLongStream().sum());
        System.out.println(LongStream.rangeClosed(1, 20).parallel().reduce(1, (a, b) -> a * b));
        List<Integer> list = IntStream.range(0, 5000).boxed().collect(Collectors.toList());
        System.out.println(list.parallelStream().map(n -> n * 3).filter(n -> n % 2 == 0).limit(7).collect(Collectors.toList()));
        System.out.println(list.parallelStream().skip(4990).map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
        System.out.println(list.parallelStream().sorted(Comparator.reverseOrder()).limit(5).collect(Collectors.toList()));
        Map<Integer, Long> sevens = list.parallelStream().collect(Collectors.groupingBy(n -> n % 7, TreeMap::new, Collectors.counting()));
        System.out.println(sevens);
        ConcurrentMap<Boolean, List<Integer>> halves = list.parallelStream().collect(Collectors.groupingByConcurrent(n -> n < 2500));
        System.out.println(halves.get(true).size() + " " + halves.get(false).stream().mapToInt(n -> n).sum());
        System.out.println(list.parallelStream().collect(Collectors.partitioningBy(n -> n % 2 == 0, Collectors.summingInt(n -> n))));
        System.out.println(list.parallelStream().reduce(0, (a, n) -> a + n, Integer::sum) + " " + list.parallelStream().mapToInt(n -> n).max().getAsInt());
        System.out.println(list.parallelStream().flatMap(n -> Stream.of(n, -n)).mapToInt(n -> n).sum());
        System.out.println(list.parallelStream().anyMatch(n -> n == 4321) + " " + list.parallelStream().allMatch(n -> n >= 0) + " " + list.parallelStream().noneMatch(n -> n == 17) + " " + list.parallelStream().filter(n -> n > 3000).findFirst().get());
        System.out.println(list.parallelStream().map(n -> n % 100).distinct().count() + " " + list.parallelStream().unordered().filter(n -> n > 4998).findAny().get());
        System.out.println(list.parallelStream().takeWhile(n -> n < 6).collect(Collectors.toList()) + " " + list.parallelStream().dropWhile(n -> n < 4997).collect(Collectors.toList()));
        int[] numbers = new Random(1).ints(100_000, 0, 1 << 20).toArray();
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int[] parallel = numbers.clone();
        Arrays.parallelSort(parallel);
        System.out.println(Arrays.equals(sorted, parallel) + " " + Arrays.equals(sorted, IntStream.of(numbers).parallel().sorted().toArray()));
        String[] words = IntStream.of(numbers).limit(10_000).mapToObj(Integer::toHexString).toArray(String[]::new);
        String[] ordered = words.clone();
        Arrays.sort(ordered);
        Arrays.parallelSort(words);
        System.out.println(Arrays.equals(words, ordered));
        long[] prefix = LongStream.rangeClosed(1, 10_000).toArray();
        Arrays.parallelPrefix(prefix, Long::sum);
        System.out.println(prefix[9_999]);
        int[] set = new int[20_000];
        Arrays.parallelSetAll(set, i -> i ^ 0x55);
        System.out.println(IntStream.of(set).parallel().asLongStream().sum());
        // forEach meets each once, forEachOrdered in order.
        LongAdder adder = new LongAdder();
        list.parallelStream().forEach(adder::add);
        StringBuilder text = new StringBuilder();
        list.parallelStream().skip(4995).forEachOrdered(n -> text.append(n).append(' '));
        System.out.println(adder + " " + text);
        try {
            list.parallelStream().forEach(n -> { if (n == 3333) throw new IllegalStateException("element " + n); });
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        // The threads that take part are of the pool that the terminal operation is called in.
        ForkJoinPool own = new ForkJoinPool(3);
        Set<Boolean> workers = own.submit(() -> list.parallelStream().map(n -> Thread.currentThread() instanceof ForkJoinWorkerThread w && w.getPool() == own).collect(Collectors.toSet())).get();
        System.out.println(workers);
        own.shutdown();
        double average = DoubleStream.iterate(1, d -> d + 1).limit(1000).parallel().average().getAsDouble();
        DoubleSummaryStatistics statistics = list.parallelStream().mapToDouble(n -> n / 2.0).summaryStatistics();
        System.out.println(average + " " + statistics);
        System.out.println(new HashSet<>(list).parallelStream().mapToInt(n -> n).sum() + " " + new TreeSet<>(list).parallelStream().limit(3).collect(Collectors.toList()));
        System.out.println(new ConcurrentSkipListSet<>(list).parallelStream().filter(n -> n % 1000 == 0).collect(Collectors.toList()));
        System.out.println(Stream.iterate(1, n -> n * 2).limit(20).parallel().mapToInt(n -> n).sum());
        System.out.println("a,b;c,d;e".chars().parallel().filter(Character::isLetter).mapToObj(c -> "" + (char) c).collect(Collectors.joining()));
        System.out.println(Stream.concat(list.parallelStream(), list.parallelStream()).parallel().count() + " " + list.parallelStream().isParallel() + " " + list.parallelStream().sequential().isParallel());
        AtomicInteger closed = new AtomicInteger();
        try (Stream<Integer> stream = list.parallelStream().onClose(closed::incrementAndGet)) {
            System.out.println(stream.mapToLong(n -> (long) n * n).sum());
        }
        System.out.println(closed);
        // Nested: a parallel stream in the body of another.
        System.out.println(IntStream.range(0, 20).parallel().map(i -> IntStream.range(0, 100).parallel().map(k -> i * k).sum()).sum());
    }
}
