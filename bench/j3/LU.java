/** LU factorisation with partial pivoting of a dense 220 x 220 matrix, and the solution of one system with it. */
public class LU extends Bench {
    static final int N = 220;

    static void factor(double[][] a, int[] pivots) {
        for (int j = 0; j < N; j++) {
            int best = j;
            for (int i = j + 1; i < N; i++) if (Math.abs(a[i][j]) > Math.abs(a[best][j])) best = i;
            pivots[j] = best;
            double[] row = a[best];
            a[best] = a[j];
            a[j] = row;
            double inverse = 1 / row[j];
            for (int i = j + 1; i < N; i++) {
                double[] target = a[i];
                double factor = target[j] *= inverse;
                for (int k = j + 1; k < N; k++) target[k] -= factor * row[k];
            }
        }
    }

    static void solve(double[][] lu, int[] pivots, double[] x) {
        for (int i = 0; i < N; i++) {
            double t = x[pivots[i]];
            x[pivots[i]] = x[i];
            x[i] = t;
        }
        for (int i = 0; i < N; i++)
            for (int k = 0; k < i; k++) x[i] -= lu[i][k] * x[k];
        for (int i = N - 1; i >= 0; i--) {
            for (int k = i + 1; k < N; k++) x[i] -= lu[i][k] * x[k];
            x[i] /= lu[i][i];
        }
    }

    @Override public long run() {
        long check = 0;
        for (int repeat = 0; repeat < 100; repeat++) {
            Rng rng = new Rng(repeat);
            double[][] a = new double[N][N];
            double[] x = new double[N];
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) a[i][j] = rng.nextDouble() - 0.5;
                for (int j = 0; j < N; j++) x[i] += a[i][j]; // so that the solution is all ones
            }
            int[] pivots = new int[N];
            factor(a, pivots);
            solve(a, pivots, x);
            for (double v : x) if (Math.abs(v - 1) > 1e-6) throw new IllegalStateException("not solved: " + v);
            check = check * 31 + Double.doubleToLongBits(x[N / 2]);
        }
        return check;
    }

    public static void main(String[] args) {
        Bench.main(new LU(), args);
    }
}
