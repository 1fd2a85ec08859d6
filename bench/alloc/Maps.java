/** Hash maps that are filled, looked up, merged, iterated with lambdas and thrown away; one stays and is churned. */
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class Maps extends Bench {
    record Point(int x, int y) {}

    final Map<Point, List<Integer>> kept = new HashMap<>();

    long small(int seed) {
        Map<Integer, Long> squares = new HashMap<>();
        for (int i = 0; i < 200; i++) squares.merge(i * seed & 127, (long) i, Long::sum);
        long sum = 0;
        for (Map.Entry<Integer, Long> e : squares.entrySet()) sum += e.getKey() * 31L + e.getValue();
        squares.keySet().removeIf(k -> (k & 1) == 0);
        return sum + squares.size();
    }

    @Override public long run() {
        Rng rng = new Rng(41);
        kept.clear();
        long check = 0;
        for (int i = 0; i < 10_000; i++) {
            check = check * 31 + small(i);
            for (int k = 0; k < 50; k++) {
                Point p = new Point(rng.nextInt(250), rng.nextInt(250));
                kept.computeIfAbsent(p, q -> new ArrayList<>(4)).add(i);
                if (kept.size() > 40_000 || rng.nextInt(4) == 0) {
                    List<Integer> gone = kept.remove(new Point(rng.nextInt(250), rng.nextInt(250)));
                    if (gone != null) check += gone.stream().mapToInt(Integer::intValue).sum();
                }
            }
        }
        return check + kept.size();
    }

    public static void main(String[] args) {
        Bench.main(new Maps(), args);
    }
}
