import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A short walk through the language and the library: records, sealed types, lambdas, streams, threads, exceptions. */
public class Tour {
    sealed interface Shape permits Circle, Rectangle {
        double area();
    }

    record Circle(double radius) implements Shape {
        public double area() {
            return Math.PI * radius * radius;
        }
    }

    record Rectangle(double width, double height) implements Shape {
        public double area() {
            return width * height;
        }
    }

    static String describe(Shape shape) {
        if (shape instanceof Circle c && c.radius() == 1) return "the unit circle";
        return shape + " with area " + String.format("%.2f", shape.area());
    }

    static long countPrimes(int from, int to) {
        return IntStream.range(Math.max(from, 2), to)
                .filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(d -> n % d == 0))
                .count();
    }

    public static void main(String[] args) throws InterruptedException {
        System.out.println("Java " + System.getProperty("java.specification.version")
                + " on " + System.getProperty("java.vm.name"));

        for (Shape shape : List.of(new Circle(1), new Circle(2), new Rectangle(3, 4))) {
            System.out.println("  " + describe(shape));
        }

        String text = """
                the quick brown fox jumps over the lazy dog
                and the dog sleeps on""";
        Map<String, Long> words = text.lines()
                .flatMap(line -> List.of(line.split(" ")).stream())
                .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
        System.out.println("words seen more than once: "
                + words.entrySet().stream().filter(e -> e.getValue() > 1).map(Object::toString).toList());

        AtomicLong primes = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int from = i * 5000;
            Thread thread = new Thread(() -> primes.addAndGet(countPrimes(from, from + 5000)));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) thread.join();
        System.out.println("primes below 20000, counted by " + threads.size() + " threads: " + primes);

        try {
            Object[] numbers = new Integer[1];
            numbers[0] = "one";
        } catch (ArrayStoreException e) {
            System.out.println("caught " + e);
        }
    }
}
