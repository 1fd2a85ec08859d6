/** throw, catch and finally, and the exceptions the machine itself throws. */
public class TinyExceptions {
    static int depth;

    static int divide(int a, int b) {
        try {
            return a / b;
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
            return -1;
        } finally {
            depth++;
        }
    }

    static void deep(int n) {
        if (n == 0) throw new IllegalStateException("bottom");
        deep(n - 1);
    }

    public static void main(String[] args) {
        System.out.println(divide(7, 2));
        System.out.println(divide(7, 0));
        System.out.println(depth);
        try {
            deep(50);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            int[] a = new int[3];
            a[args.length + 3] = 1;
            System.out.println("unreachable");
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println("array index");
        }
        try {
            String s = args.length == 0 ? null : "x";
            System.out.println(s.length());
        } catch (NullPointerException e) {
            System.out.println("null");
        }
        try {
            Object o = "text";
            Integer i = (Integer) o;
            System.out.println(i);
        } catch (ClassCastException e) {
            System.out.println("cast");
        }
    }
}
