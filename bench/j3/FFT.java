/** Complex fast Fourier transform, radix 2 in place, forward and back, of 16384 points. */
public class FFT extends Bench {
    static final int N = 1 << 14;
    final double[] cos = new double[N / 2];
    final double[] sin = new double[N / 2];
    final double[] re = new double[N];
    final double[] im = new double[N];

    FFT() {
        // Roots of unity by halving angles, which needs square roots only: the same bits on every VM.
        cos[0] = 1;
        double c = 0, s = 1; // the angle pi / 2
        for (int step = N / 4; step >= 1; step /= 2) {
            for (int k = 0; k < N / 2; k += 2 * step) {
                cos[k + step] = cos[k] * c - sin[k] * s;
                sin[k + step] = sin[k] * c + cos[k] * s;
            }
            s = s / Math.sqrt(2 * (1 + c));
            c = Math.sqrt((1 + c) / 2);
        }
    }

    void reorder() {
        for (int i = 1, j = 0; i < N; i++) {
            int bit = N >> 1;
            while ((j & bit) != 0) {
                j ^= bit;
                bit >>= 1;
            }
            j |= bit;
            if (i < j) {
                double t = re[i];
                re[i] = re[j];
                re[j] = t;
                t = im[i];
                im[i] = im[j];
                im[j] = t;
            }
        }
    }

    void transform(int sign) {
        reorder();
        for (int half = 1; half < N; half *= 2) {
            int stride = N / (2 * half);
            for (int base = 0; base < N; base += 2 * half) {
                for (int k = 0; k < half; k++) {
                    double wr = cos[k * stride];
                    double wi = sign * sin[k * stride];
                    int lower = base + k;
                    int upper = lower + half;
                    double tr = re[upper] * wr - im[upper] * wi;
                    double ti = re[upper] * wi + im[upper] * wr;
                    re[upper] = re[lower] - tr;
                    im[upper] = im[lower] - ti;
                    re[lower] += tr;
                    im[lower] += ti;
                }
            }
        }
    }

    @Override public long run() {
        Rng rng = new Rng(1);
        for (int i = 0; i < N; i++) {
            re[i] = rng.nextDouble();
            im[i] = rng.nextDouble();
        }
        double before = re[123];
        for (int repeat = 0; repeat < 120; repeat++) {
            transform(-1);
            transform(1);
            for (int i = 0; i < N; i++) {
                re[i] /= N;
                im[i] /= N;
            }
        }
        if (Math.abs(re[123] - before) > 1e-9) throw new IllegalStateException("not the inverse: " + re[123] + " " + before);
        return Double.doubleToLongBits(re[77]) ^ Double.doubleToLongBits(im[N - 1]);
    }

    public static void main(String[] args) {
        Bench.main(new FFT(), args);
    }
}
