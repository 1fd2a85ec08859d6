/** Concatenation by +, equals and hashCode of records: call sites that are translated without being linked. */
import java.util.ArrayList;
import java.util.List;

public class KnownCallSites {
    static final class Loud {
        final String name;

        Loud(String name) {
            this.name = name;
        }

        @Override public String toString() {
            System.out.println("toString of " + name);
            if (name == null) throw new IllegalStateException("no name");
            return name.equals("null") ? null : name;
        }

        @Override public int hashCode() {
            System.out.println("hashCode of " + name);
            return name.length();
        }

        @Override public boolean equals(Object other) {
            System.out.println("equals of " + name);
            return other instanceof Loud l && l.name.equals(name);
        }
    }

    record Empty() {}
    record All(boolean z, byte b, char c, short s, int i, long l, float f, double d, String text, int[] array) {}
    record Two(Loud first, Loud second) {}
    record Generic<T>(T value, List<T> more) {}
    record Own(int a, int b) {
        @Override public int hashCode() {
            return 5;
        }
    }

    static String types(boolean z, byte b, char c, short s, int i, long l, float f, double d, Object o, String t, int[] none) {
        return z + "," + b + "," + c + "," + s + "," + i + "," + l + "," + f + "," + d + "," + o + "," + t + "," + none;
    }

    static void print(String text) {
        System.out.println(text.length() + " " + text);
    }

    static void concatenation(int i, String none, Object nothing) {
        print("" + i);
        print(i + "");
        print("a" + i);
        print(i + "z");
        print("a" + i + "z");
        print("" + none);
        print("" + nothing + none);
        print(none + "x");
        print("x" + none);
        print("x" + none + nothing + "y");
        print("\u00e9" + i + "\u0416" + none);
        print(none + i + "\u0416");
        print(i + "\u0416");
        print("\u0001" + i + "\u0002" + none);
        print((char) (i + 0x416) + "|" + (byte) i + "|" + (short) -i + (char) i + true);
        print("\ud83d\ude00" + i + '\u1234');
        print(types(true, (byte) -7, 'q', (short) 300, Integer.MIN_VALUE, Long.MIN_VALUE, 1.5f, -0.0, nothing, none, null));
        print(types(false, Byte.MAX_VALUE, '\uffff', Short.MIN_VALUE, 0, -1, Float.NaN, 1e300, "o", "t", null));
        String longer = none;
        for (int k = 0; k < 6; k++) longer += longer + k + '-' + longer;
        print(longer.hashCode() + " " + longer.length());
        String unary = "same";
        System.out.println(unary == "" + unary);
        System.out.println((unary + unary) + (Object) unary + i + 1L + 2f + 3d);
    }

    static void order() {
        print(new Loud("one") + " and " + new Loud("two") + new Loud("null"));
        print(new Loud("left") + "" + new Loud("right"));
        print("only " + new Loud("one"));
        try {
            print("before " + new Loud("fine") + new Loud(null) + new Loud("never"));
        } catch (IllegalStateException e) {
            trace(e);
        }
        try {
            print(new Loud(null) + "x");
        } catch (IllegalStateException e) {
            trace(e);
        }
        try {
            print("" + new Loud(null));
        } catch (IllegalStateException e) {
            trace(e);
        }
    }

    static void trace(Throwable e) {
        StringBuilder sb = new StringBuilder(e.getMessage());
        for (StackTraceElement frame : e.getStackTrace()) sb.append(" < ").append(frame.getMethodName()).append(':').append(frame.getLineNumber());
        System.out.println(sb);
    }

    static void records() {
        int[] array = {};
        All a = new All(true, (byte) -1, 'c', (short) 2, 3, 1L << 40, 1.5f, Double.NaN, "text", null);
        All b = new All(true, (byte) -1, 'c', (short) 2, 3, 1L << 40, 1.5f, Double.NaN, new String("text"), null);
        System.out.println(a.hashCode() + " " + (a.hashCode() == b.hashCode()) + a.equals(b) + a.equals(null) + a.equals("a") + a.equals(a));
        System.out.println(a.equals(new All(false, (byte) -1, 'c', (short) 2, 3, 1L << 40, 1.5f, Double.NaN, "text", null)));
        System.out.println(a.equals(new All(true, (byte) 1, 'c', (short) 2, 3, 1L << 40, 1.5f, Double.NaN, "text", null)));
        System.out.println(a.equals(new All(true, (byte) -1, 'c', (short) 2, 3, 1L << 40, 1.5f, Double.NaN, "text", array)));
        System.out.println(a.equals(new All(true, (byte) -1, 'c', (short) 2, 3, 1L << 41, 1.5f, Double.NaN, "text", null)));
        All zero = new All(false, (byte) 0, '\0', (short) 0, 0, 0, 0f, 0.0, null, array);
        All minus = new All(false, (byte) 0, '\0', (short) 0, 0, 0, -0f, 0.0, null, array);
        System.out.println(zero.equals(minus) + " " + (zero.hashCode() == minus.hashCode()));
        System.out.println(new Empty().equals(new Empty()) + " " + new Empty().hashCode() + new Empty().equals(new Own(1, 2)));
        System.out.println(new Own(1, 2).equals(new Own(1, 2)) + " " + new Own(1, 2).hashCode() + new Own(1, 2));
        Two two = new Two(new Loud("p"), new Loud("q"));
        System.out.println(two.hashCode());
        System.out.println(two.equals(new Two(new Loud("p"), new Loud("q"))));
        System.out.println(two.equals(new Two(new Loud("p"), new Loud("r"))));
        System.out.println(two.equals(new Two(new Loud("x"), new Loud("q"))));
        Generic<String> g = new Generic<>("v", new ArrayList<>(List.of("w")));
        System.out.println(g.hashCode() + " " + g.equals(new Generic<>("v", List.of("w"))) + g);
        try {
            new Two(new Loud("p"), new Loud(null)).hashCode();
        } catch (NullPointerException e) {
            trace(e);
        }
    }

    public static void main(String[] args) {
        for (int i = 0; i < 3; i++) concatenation(i * 77, null, null);
        order();
        records();
    }
}
