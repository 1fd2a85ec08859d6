/** System.arraycopy and Object.clone: what works, and the words of what does not. */
import java.util.Arrays;

public class ArrayCopyErrors {
    interface Action { void run() throws Throwable; }

    static void attempt(String what, Action action) {
        try {
            action.run();
            System.out.println(what + ": fine");
        } catch (Throwable t) {
            System.out.println(what + ": " + t);
        }
    }

    static class Plain { Object copy() throws CloneNotSupportedException { return clone(); } }

    static class Copyable implements Cloneable {
        int i = 7; long l = -9; String s = "text"; double[] d = {1, 2};
        @Override public Copyable clone() throws CloneNotSupportedException { return (Copyable) super.clone(); }
    }

    public static void main(String[] args) throws Exception {
        int[] ints = new int[10];
        Object[] objects = new Object[5];
        String[] strings = new String[5];
        attempt("null source", () -> System.arraycopy(null, 0, ints, 0, 1));
        attempt("null target", () -> System.arraycopy(ints, 0, null, 0, 1));
        attempt("no array", () -> System.arraycopy("text", 0, ints, 0, 1));
        attempt("to no array", () -> System.arraycopy(ints, 0, "text", 0, 1));
        attempt("to no array", () -> System.arraycopy(objects, 0, "text", 0, 1));
        attempt("int to long", () -> System.arraycopy(ints, 0, new long[3], 0, 1));
        attempt("int to object", () -> System.arraycopy(ints, 0, objects, 0, 1));
        attempt("object to int", () -> System.arraycopy(objects, 0, ints, 0, 1));
        attempt("negative source", () -> System.arraycopy(ints, -1, ints, 0, 1));
        attempt("negative target", () -> System.arraycopy(ints, 0, ints, -2, 1));
        attempt("negative length", () -> System.arraycopy(ints, 0, ints, 0, -3));
        attempt("last source", () -> System.arraycopy(ints, 5, ints, 0, 6));
        attempt("last target", () -> System.arraycopy(ints, 0, ints, 5, 6));
        attempt("huge", () -> System.arraycopy(ints, Integer.MAX_VALUE, ints, Integer.MAX_VALUE, Integer.MAX_VALUE));
        attempt("objects, last source", () -> System.arraycopy(objects, 2, objects, 0, 4));
        attempt("strings, negative", () -> System.arraycopy(strings, -1, objects, 0, 4));
        attempt("empty at the end", () -> System.arraycopy(ints, 10, ints, 10, 0));
        attempt("unrelated", () -> System.arraycopy(new Integer[2], 0, strings, 0, 2));
        attempt("unrelated, one null", () -> System.arraycopy(new Integer[] {1}, 0, strings, 0, 1));
        attempt("unrelated, empty", () -> System.arraycopy(new Integer[] {1}, 0, strings, 0, 0));

        Object[] mixed = {"a", "b", 3, "d"};
        attempt("partly", () -> System.arraycopy(mixed, 0, strings, 1, 4));
        System.out.println(Arrays.toString(strings));
        attempt("wider", () -> System.arraycopy(strings, 0, objects, 0, 5));
        System.out.println(Arrays.toString(objects));
        Comparable<?>[] comparables = new Comparable<?>[3];
        attempt("to interface", () -> System.arraycopy(mixed, 0, comparables, 0, 3));
        System.out.println(Arrays.toString(comparables));
        attempt("arrays of arrays", () -> System.arraycopy(new int[][] {{1}}, 0, new Object[1], 0, 1));
        attempt("arrays of arrays back", () -> System.arraycopy(new Object[] {new long[0]}, 0, new int[1][], 0, 1));

        int[] overlap = {0, 1, 2, 3, 4, 5, 6, 7};
        System.arraycopy(overlap, 0, overlap, 2, 6);
        System.out.println(Arrays.toString(overlap));
        System.arraycopy(overlap, 3, overlap, 0, 5);
        System.out.println(Arrays.toString(overlap));
        String[] shift = {"a", "b", "c", "d"};
        System.arraycopy(shift, 0, shift, 1, 3);
        System.out.println(Arrays.toString(shift));
        byte[] bytes = new byte[300];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) i;
        byte[] part = new byte[17];
        System.arraycopy(bytes, 250, part, 3, 13);
        System.out.println(Arrays.toString(part));

        attempt("clone of no Cloneable", () -> new Plain().copy());
        Copyable original = new Copyable();
        Copyable copy = original.clone();
        System.out.println(copy.i + " " + copy.l + " " + copy.s + " " + (copy.d == original.d) + " " + (copy == original) + " " + copy.getClass().getName());
        int[][] nested = {{1, 2}, {3}};
        int[][] shallow = nested.clone();
        System.out.println(shallow.length + " " + (shallow[0] == nested[0]) + " " + shallow.getClass().getSimpleName());
        System.out.println(Arrays.toString(new char[] {'x', 'y'}.clone()) + " " + new long[0].clone().length);
    }
}
