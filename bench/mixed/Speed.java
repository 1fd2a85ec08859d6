/**
 * What a loop and a call cost, compiled and interpreted; the best of 60 rounds of N iterations:
 *
 *   javac -d build/bench-mixed bench/mixed/Speed.java
 *   bin/j3 -cp build/bench-mixed Speed 1000000
 *   bin/j3 -Xint -cp build/bench-mixed Speed 5000
 */
public class Speed {
    static int ints(int n) {
        int s = 1;
        for (int i = 0; i < n; i++) {
            s = s * 31 + i;
            s ^= s >>> 7;
        }
        return s;
    }

    static long longs(int n) {
        long s = 1;
        for (int i = 0; i < n; i++) {
            s = s * 31 + i;
            s ^= s >>> 7;
        }
        return s;
    }

    static int sum(int[] a) {
        int s = 0;
        for (int i = 0; i < a.length; i++) s += a[i];
        return s;
    }

    static int calls;

    static int fibonacci(int n) {
        calls++;
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    interface Round {
        int run();
    }

    static int sink;

    /** The round gives how many iterations it had. */
    static void best(String what, Round round) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 60; i++) {
            long start = System.nanoTime();
            int count = round.run();
            best = Math.min(best, (System.nanoTime() - start) / (double) count);
        }
        System.out.printf("%s: %.1f ns%n", what, best);
    }

    public static void main(String[] args) {
        int n = Integer.parseInt(args[0]);
        int[] array = new int[n];
        best("int loop, an iteration", () -> {
            sink += ints(n);
            return n;
        });
        best("long loop, an iteration", () -> {
            sink += (int) longs(n);
            return n;
        });
        best("sum of an array, an element", () -> {
            sink += sum(array);
            return n;
        });
        best("fibonacci, a call", () -> {
            calls = 0;
            sink += fibonacci(n > 100000 ? 22 : 12);
            return calls;
        });
    }
}
