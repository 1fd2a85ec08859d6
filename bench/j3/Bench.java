/**
 * Runs a kernel several times in one VM and prints "iter K: MILLISECONDS" for each and "checksum C" at the end. The
 * first argument is the number of iterations. The kernel must give the same checksum each time.
 */
public abstract class Bench {
    /** One iteration: some 50 to 150 ms of work on a warm optimising VM. */
    public abstract long run();

    public static void main(Bench bench, String[] args) {
        int iterations = args.length > 0 ? Integer.parseInt(args[0]) : 12;
        long checksum = 0;
        for (int k = 1; k <= iterations; k++) {
            long start = System.nanoTime();
            long result = bench.run();
            long micros = (System.nanoTime() - start) / 1000;
            if (k > 1 && result != checksum) throw new IllegalStateException("iteration " + k + ": " + result + " instead of " + checksum);
            checksum = result;
            System.out.println("iter " + k + ": " + micros / 1000 + "." + (char) ('0' + micros / 100 % 10) + (char) ('0' + micros / 10 % 10));
        }
        System.out.println("checksum " + checksum);
    }
}
