/** Streams: sources, lazy stages, collectors, flat maps, primitive streams, short circuits, parallel where order is kept. */
import java.util.*;
import java.util.function.Function;
import java.util.stream.*;

public class Streams {
    record Person(String name, int age, String city) { }

    public static void main(String[] args) {
        List<Person> people = List.of(new Person("Ann", 31, "Oslo"), new Person("Bob", 25, "Rome"), new Person("Cid", 31, "Rome"),
            new Person("Dee", 19, "Oslo"), new Person("Eve", 47, "Bonn"));
        System.out.println(people.stream().filter(p -> p.age() > 20).map(Person::name).collect(Collectors.joining(", ", "[", "]")));
        System.out.println("" + people.stream().collect(Collectors.groupingBy(Person::city, TreeMap::new, Collectors.mapping(Person::name, Collectors.toList()))));
        System.out.println(people.stream().collect(Collectors.partitioningBy(p -> p.age() > 30, Collectors.counting())));
        System.out.println(people.stream().sorted(Comparator.comparingInt(Person::age).thenComparing(Person::name, Comparator.reverseOrder())).map(Person::name).toList());
        System.out.println(people.stream().mapToInt(Person::age).summaryStatistics());
        System.out.println(people.stream().collect(Collectors.averagingInt(Person::age)) + " " + people.stream().collect(Collectors.teeing(
            Collectors.minBy(Comparator.comparing(Person::age)), Collectors.counting(), (m, n) -> m.get().name() + n)));
        System.out.println("" + people.stream().collect(Collectors.toMap(Person::city, Person::age, Integer::sum, LinkedHashMap::new)));
        System.out.println(IntStream.rangeClosed(1, 5).mapToObj(i -> "x".repeat(i)).toList() + " " + IntStream.range(0, 10).sum() + " "
            + LongStream.rangeClosed(1, 20).reduce(1, (a, b) -> a * b) + " " + DoubleStream.of(1.5, 2.5).average().getAsDouble());
        System.out.println(Stream.iterate(1, x -> x * 2).limit(10).skip(3).toList() + " " + Stream.iterate(1, x -> x < 50, x -> x * 3).toList());
        System.out.println(Stream.of(List.of(1, 2), List.of(3), List.<Integer>of()).flatMap(List::stream).map(x -> x * x).reduce(0, Integer::sum));
        System.out.println(Stream.of("b", "a", "c", "a").distinct().sorted().toList() + " " + Stream.of(5, 3, 8).max(Comparator.naturalOrder()).get());
        List<String> trace = new ArrayList<>();
        Optional<Integer> first = Stream.of(1, 2, 3, 4).peek(x -> trace.add("p" + x)).map(x -> x * 10).filter(x -> x > 15).findFirst();
        System.out.println(first + " " + trace);
        System.out.println(IntStream.of(3, 1, 2).boxed().sorted(Collections.reverseOrder()).toList() + " " + "hello".chars().mapToObj(ch -> (char) ch)
            .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())));
        System.out.println(Stream.of(1, 2, 3, 4, 5).takeWhile(x -> x < 4).dropWhile(x -> x < 2).toList() + " " + Stream.of(1, 2, 3).anyMatch(x -> x == 2)
            + Stream.of(1, 2).allMatch(x -> x > 1) + Stream.empty().noneMatch(x -> true));
        System.out.println(Stream.<Object>of(1, "a", 2.5).mapMulti((o, sink) -> { if (o instanceof Number) { sink.accept(o); sink.accept("n"); } }).toList());
        System.out.println(IntStream.range(0, 1000).parallel().filter(x -> x % 7 == 0).mapToObj(Integer::toString).collect(Collectors.joining()).hashCode());
        System.out.println(LongStream.range(0, 100_000).parallel().map(x -> x * x % 1000).sum());
        System.out.println(Arrays.stream(new int[] {4, 5, 6}, 1, 3).mapToLong(x -> x).sum() + " " + Stream.concat(Stream.of(1), Stream.of(2)).count()
            + " " + Collections.max(Stream.generate(() -> 7).limit(3).toList()) + " " + new Random(3).ints(5, 0, 100).boxed().toList());
        Iterator<Integer> it = Stream.of(1, 2).iterator();
        System.out.println(it.next() + it.next() + " " + it.hasNext() + " " + StreamSupport.stream(List.of(9).spliterator(), false).toList());
        Stream<Integer> used = Stream.of(1);
        used.count();
        try {
            used.count();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
