/** Pancakes: for every permutation of nine numbers, how many prefix reversals until the first is 0; int arrays and branches. */
public class Fannkuch extends Bench {
    static final int N = 9;
    int most;
    long signed;
    final int[] work = new int[N];

    int flips(int[] stack) {
        System.arraycopy(stack, 0, work, 0, N);
        int count = 0;
        for (int top = work[0]; top != 0; top = work[0]) {
            for (int low = 0, high = top; low < high; low++, high--) {
                int t = work[low];
                work[low] = work[high];
                work[high] = t;
            }
            count++;
        }
        return count;
    }

    /** All orders of the first n numbers by Heap's exchanges, iteratively; each exchange changes the permutation's sign. */
    void all(int[] stack) {
        int[] counter = new int[N];
        int sign = 1;
        visit(stack, sign);
        for (int i = 1; i < N;) {
            if (counter[i] < i) {
                int j = (i & 1) == 0 ? 0 : counter[i];
                int t = stack[i];
                stack[i] = stack[j];
                stack[j] = t;
                sign = -sign;
                visit(stack, sign);
                counter[i]++;
                i = 1;
            } else {
                counter[i] = 0;
                i++;
            }
        }
    }

    void visit(int[] stack, int sign) {
        int count = flips(stack);
        signed += (long) sign * count;
        if (count > most) most = count;
    }

    @Override public long run() {
        most = 0;
        signed = 0;
        for (int repeat = 0; repeat < 5; repeat++) {
            int[] stack = new int[N];
            for (int i = 0; i < N; i++) stack[i] = (i + repeat) % N;
            all(stack);
        }
        if (most != 30) throw new IllegalStateException("most " + most); // known for nine
        return signed * 1000 + most;
    }

    public static void main(String[] args) {
        Bench.main(new Fannkuch(), args);
    }
}
