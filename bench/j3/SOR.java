/** Successive over-relaxation of Laplace's equation on a 300 x 300 grid. */
public class SOR extends Bench {
    static final int N = 300;

    @Override public long run() {
        Rng rng = new Rng(2);
        double[][] grid = new double[N][N];
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) grid[i][j] = rng.nextDouble();
        double omega = 1.25;
        double quarter = omega / 4;
        double rest = 1 - omega;
        for (int sweep = 0; sweep < 250; sweep++) {
            for (int i = 1; i < N - 1; i++) {
                double[] row = grid[i];
                double[] above = grid[i - 1];
                double[] below = grid[i + 1];
                for (int j = 1; j < N - 1; j++) {
                    row[j] = quarter * (above[j] + below[j] + row[j - 1] + row[j + 1]) + rest * row[j];
                }
            }
        }
        double sum = 0;
        for (double[] row : grid) for (double x : row) sum += x;
        return Double.doubleToLongBits(sum);
    }

    public static void main(String[] args) {
        Bench.main(new SOR(), args);
    }
}
