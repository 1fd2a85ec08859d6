import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Gaps between primes: a sieve, a record per gap, streams and a small chart. */
public class Primes {
    record Gap(int from, int to) {
        int size() {
            return to - from;
        }
    }

    static int[] sieve(int limit) {
        boolean[] composite = new boolean[limit];
        return IntStream.range(2, limit).filter(n -> {
            if (composite[n]) return false;
            for (long multiple = (long) n * n; multiple < limit; multiple += n) composite[(int) multiple] = true;
            return true;
        }).toArray();
    }

    public static void main(String[] args) {
        int limit = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int[] primes = sieve(limit);
        List<Gap> gaps = IntStream.range(1, primes.length).mapToObj(i -> new Gap(primes[i - 1], primes[i])).toList();
        Gap widest = gaps.stream().max(Comparator.comparingInt(Gap::size).thenComparing(Gap::from, Comparator.reverseOrder())).orElseThrow();
        System.out.print("""
            Primes below %,d: %,d, the last one %,d
            Twins: %,d; the first widest gap is %s
            """.formatted(limit, primes.length, primes[primes.length - 1], gaps.stream().filter(g -> g.size() == 2).count(), widest));
        var bySize = gaps.stream().collect(Collectors.groupingBy(Gap::size, TreeMap::new, Collectors.counting()));
        long most = bySize.values().stream().mapToLong(Long::longValue).max().orElse(1);
        bySize.headMap(30, true).forEach((size, count) ->
            System.out.printf("%4d %6d %s%n", size, count, "#".repeat((int) (count * 50 / most))));
    }
}
