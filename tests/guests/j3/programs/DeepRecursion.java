/** StackOverflowError is catchable, repeatedly, with finally blocks and a trace; deep but finite recursion works. */
public class DeepRecursion {
    static int depth;

    static int forever(int n) {
        depth++;
        return forever(n + 1) + 1;
    }

    static int sum(int n) {
        return n == 0 ? 0 : n + sum(n - 1);
    }

    static long mixed(long a, double b, Object c, int n) {
        if (n == 0) return a + (long) b + c.hashCode();
        return mixed(a + 1, b * 1.0001, c, n - 1) ^ n;
    }

    static int cleanups;

    static void withFinally(int n) {
        try {
            if (n > 0) withFinally(n - 1);
            else throw new IllegalStateException("bottom");
        } finally {
            cleanups++;
        }
    }

    static class Chain {
        Chain next;
        @Override public String toString() { return "Chain " + next; }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(sum(3000));
        System.out.println(mixed(1, 2.5, "c", 2000));
        for (int i = 0; i < 3; i++) {
            depth = 0;
            try {
                forever(0);
            } catch (StackOverflowError e) {
                System.out.println("caught " + e.getMessage() + " deep: " + (depth > 1000) + " frames: " + e.getStackTrace().length
                    + " " + e.getStackTrace()[500].getMethodName());
            }
        }
        try {
            withFinally(1500);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + cleanups + " " + e.getStackTrace().length);
        }
        Chain loop = new Chain();
        loop.next = loop;
        try {
            System.out.println(loop.toString().length());
        } catch (StackOverflowError e) {
            System.out.println("library recursion too");
        }
        Thread t = new Thread(() -> {
            try {
                forever(0);
            } catch (StackOverflowError e) {
                System.out.println("and on another thread");
            }
        });
        t.start();
        t.join();
        System.out.println(sum(3000));
    }
}
