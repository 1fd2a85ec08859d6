/** Estimates pi by throwing darts: small methods on one object in a tight loop. */
public class MonteCarlo extends Bench {
    static int inside(Rng rng, int darts) {
        int count = 0;
        for (int i = 0; i < darts; i++) {
            double x = rng.nextDouble();
            double y = rng.nextDouble();
            if (x * x + y * y <= 1) count++;
        }
        return count;
    }

    @Override public long run() {
        int darts = 24_000_000;
        int count = inside(new Rng(3), darts);
        if (Math.abs(4.0 * count / darts - Math.PI) > 0.01) throw new IllegalStateException("not pi");
        return count;
    }

    public static void main(String[] args) {
        Bench.main(new MonteCarlo(), args);
    }
}
