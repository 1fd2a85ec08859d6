/** Arrays of ints, longs and references: a sieve, an insertion sort, a small matrix. */
public class TinyArrays {
    static int countPrimes(int limit) {
        boolean[] composite = new boolean[limit + 1];
        int count = 0;
        for (int i = 2; i <= limit; i++) {
            if (composite[i]) continue;
            count++;
            for (int j = i + i; j <= limit; j += i) composite[j] = true;
        }
        return count;
    }

    static void sort(int[] a) {
        for (int i = 1; i < a.length; i++) {
            int x = a[i];
            int j = i - 1;
            while (j >= 0 && a[j] > x) {
                a[j + 1] = a[j];
                j--;
            }
            a[j + 1] = x;
        }
    }

    public static void main(String[] args) {
        System.out.println(countPrimes(1000));
        int[] a = {5, -3, 9, 0, 2, 2, -7};
        sort(a);
        for (int x : a) System.out.println(x);
        int[][] m = new int[3][4];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 4; j++) m[i][j] = i * 10 + j;
        int trace = 0;
        for (int i = 0; i < 3; i++) trace += m[i][i];
        System.out.println(trace);
        String[] words = {"one", "two", null, "four"};
        for (String w : words) System.out.println(w == null ? "null" : w);
        long[] big = {1L << 40, 1L << 41};
        System.out.println((int) ((big[0] + big[1]) >>> 38));
    }
}
