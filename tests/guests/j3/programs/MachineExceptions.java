/** Messages of the exceptions the machine throws: array index, negative size, store, cast, helpful null pointers. */
public class MachineExceptions {
    static class Point {
        int x;
        long[] history;
        Point next;
        String label() { return null; }
    }

    static Point shared;

    interface Risky {
        void run() throws Throwable;
    }

    static void attempt(Risky risky) {
        try {
            risky.run();
            System.out.println("no exception");
        } catch (Throwable e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
        }
    }

    static Object make(int kind) {
        return kind == 0 ? "text" : kind == 1 ? new int[2] : kind == 2 ? new Point() : new String[] {"a"};
    }

    public static void main(String[] args) {
        int[] three = new int[3];
        int minusOne = args.length - 1;
        attempt(() -> three[3] = 1);
        attempt(() -> System.out.println(three[minusOne]));
        attempt(() -> System.out.println(new byte[0][5].length + new int[minusOne].length));
        attempt(() -> System.out.println(new int[2][minusOne]));
        attempt(() -> ((Object[]) make(3))[0] = 5);
        attempt(() -> ((Object[]) new Integer[1])[0] = new Point());
        attempt(() -> System.out.println((Integer) make(0)));
        attempt(() -> System.out.println((String) make(1)));
        attempt(() -> System.out.println((int[]) make(2)));
        attempt(() -> System.out.println((Runnable) make(2)));
        attempt(() -> System.out.println(((Integer[]) make(3)).length));
        Point p = new Point();
        attempt(() -> System.out.println(p.next.x));
        attempt(() -> p.next.next.x = 3);
        attempt(() -> System.out.println(p.history[2]));
        attempt(() -> p.history[0]++);
        attempt(() -> System.out.println(p.history.length));
        attempt(() -> System.out.println(p.label().trim()));
        attempt(() -> System.out.println(shared.label()));
        attempt(() -> { synchronized (shared) { System.out.println(); } });
        attempt(() -> { throw (RuntimeException) (Object) p.next; });
        attempt(() -> { Integer none = null; int i = none; });
        attempt(() -> { int[][] grid = new int[2][]; grid[1][0] = 4; });
        attempt(() -> System.arraycopy(three, 1, three, 2, 2));
        attempt(() -> System.arraycopy(three, 0, new long[3], 0, 1));
        attempt(() -> System.arraycopy("no array", 0, three, 0, 1));
        attempt(() -> System.arraycopy(new Object[] {"a", 1}, 0, new String[2], 0, 2));
        attempt(() -> System.out.println(5 / (args.length - 0)));
        attempt(() -> "abc".charAt(3));
        attempt(() -> "abc".substring(2, 1));
        attempt(() -> new java.util.ArrayList<>(java.util.List.of(1)).get(1));
        attempt(() -> java.util.List.of(1, 2).add(3));
        attempt(() -> new java.util.ArrayDeque<String>().pop());
        attempt(() -> Object.class.cast(Integer.class.cast("s")));
    }
}
