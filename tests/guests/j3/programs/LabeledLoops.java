/** Control flow shapes: labelled break and continue, nested loops, do-while, conditional chains, early returns. */
public class LabeledLoops {
    static int firstCommon(int[] a, int[] b) {
        int found = -1;
        search:
        for (int x : a) {
            for (int y : b) {
                if (x == y) {
                    found = x;
                    break search;
                }
                if (y > x) continue search;
            }
        }
        return found;
    }

    static String classify(int n) {
        block: {
            if (n < 0) break block;
            if (n == 0) return "zero";
            for (int i = 2; ; i++) {
                if (i * i > n) return n == 1 ? "one" : "prime";
                if (n % i == 0) return "composite by " + i;
            }
        }
        return "negative";
    }

    static int ackermann(int m, int n) {
        return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
    }

    public static void main(String[] args) {
        System.out.println(firstCommon(new int[] {1, 4, 9, 16}, new int[] {2, 3, 8, 9, 10}));
        System.out.println(firstCommon(new int[] {1}, new int[] {2}));
        for (int n : new int[] {-5, 0, 1, 2, 15, 97, 1001}) System.out.println(n + " " + classify(n));
        System.out.println(ackermann(2, 9));
        StringBuilder trail = new StringBuilder();
        outer:
        for (int i = 0; i < 5; i++) {
            int j = 0;
            do {
                if (j == i) continue outer;
                if (i == 4 && j == 2) break outer;
                trail.append(i).append(j).append(' ');
                j++;
            } while (true);
        }
        System.out.println(trail);
        int i = 0, j = 100, swaps = 0;
        while (i < j) {
            if ((i ^ j) % 3 == 0 || (i & 1) == 1 && j % 5 != 2) i += 3;
            else if (!(j > 50 && i < 20)) j -= 7;
            else {
                int t = i;
                i = j - 60;
                j = t + 40;
                swaps++;
            }
        }
        System.out.println(i + " " + j + " " + swaps);
        for (int a = 0, b = 10; a < b; a += 2, b--) System.out.print(a * b + " ");
        System.out.println();
    }
}
