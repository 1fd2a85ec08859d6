/** Sparse matrix times vector, compressed rows, 20,000 rows with 10 to 30 entries each, indirect loads. */
public class Sparse extends Bench {
    static final int N = 20_000;
    final int[] rowStart = new int[N + 1];
    final int[] column;
    final double[] value;

    Sparse() {
        Rng rng = new Rng(4);
        for (int i = 0; i < N; i++) rowStart[i + 1] = rowStart[i] + 10 + rng.nextInt(21);
        column = new int[rowStart[N]];
        value = new double[rowStart[N]];
        for (int k = 0; k < column.length; k++) {
            column[k] = rng.nextInt(N);
            value[k] = rng.nextDouble() / 12;
        }
    }

    void multiply(double[] x, double[] y) {
        for (int i = 0; i < N; i++) {
            double sum = 0;
            for (int k = rowStart[i]; k < rowStart[i + 1]; k++) sum += value[k] * x[column[k]];
            y[i] = sum;
        }
    }

    @Override public long run() {
        double[] x = new double[N];
        double[] y = new double[N];
        java.util.Arrays.fill(x, 1);
        for (int repeat = 0; repeat < 250; repeat++) {
            multiply(x, y);
            double[] t = x;
            x = y;
            y = t;
        }
        return Double.doubleToLongBits(x[N / 3]);
    }

    public static void main(String[] args) {
        Bench.main(new Sparse(), args);
    }
}
