/** Small methods in loops, as a compiler expands them: traces, handlers, fields, receivers of classes that come later. */
public class ExpandedMethods {
    interface Shape {
        int area(int x);
    }

    static final class Square implements Shape {
        public int area(int x) { return x * x; }
    }

    static class Wide implements Shape {
        public int area(int x) { return 3 * step(x); }
        int step(int x) { return x + 1; }
    }

    static final class Wider extends Wide {
        int step(int x) { return super.step(x) + check(x); }
    }

    static int check(int x) {
        if (x == 77) throw new IllegalArgumentException("seventy-seven");
        return x;
    }

    static int guarded(int x) {
        try {
            return check(x);
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    static int sum(Shape[] shapes, int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) sum += shapes[i % shapes.length].area(i);
        return sum;
    }

    static final class Box {
        int value;
        final int[] data;
        byte small;
        Box other;

        Box(int n) {
            data = new int[n];
            value = data.length;
        }

        int get() { return value; }
        void set(int v) { value = v; }
        int at(int i) { return data[i]; }
        void swap(Box box) {
            int t = value;
            value = box.value;
            box.value = t;
        }
    }

    static int fields(Box a, Box b, int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            a.set(i);
            b.set(i + 1);
            sum = sum * 31 + a.get(); // a and b may be the same
            a.swap(b);
            sum = sum * 31 + a.get() - b.get();
            a.small = (byte) (i * 7);
            sum += a.small;
            touch(a);
            sum += a.get();
            if ((i & 1) == 0) b.value += 5;
            sum ^= a.value;
        }
        return sum;
    }

    static void touch(Box box) {
        for (int i = 0; i < 2; i++) box.value += i;
    }

    static class Late {
        static int count = first();
        static int first() {
            System.out.println("Late is initialised");
            return 5;
        }
        static int next() { return ++count; }
    }

    static int late(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) if (i > 2) sum += Late.next();
        return sum;
    }

    static int depth(int n) { return n == 0 ? check(77) : 1 + depth(n - 1); }

    static void report(Throwable e) {
        System.out.println(e);
        for (StackTraceElement element : e.getStackTrace()) System.out.println("  " + element);
    }

    static int outOfBounds(Box box, int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) sum += box.at(i);
        return sum;
    }

    static int ofNull(Box[] boxes) {
        int sum = 0;
        for (Box box : boxes) sum += box.get();
        return sum;
    }

    static int longLoop(int[] data, int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) sum = sum * 5 + data[i & data.length - 1];
        int j = rounds;
        do sum ^= j; while (--j > 0);
        return sum;
    }

    static class P {
        int a(int x) { return x + 1; }
        P b() { return this; }
    }

    static class Q {
        double a(double x, String text) { return x + text.length(); }
        long b() { return 7; }
    }

    /** Where P is known, what is done with a Q makes no sense. */
    static double either(Object o) {
        if (o instanceof P) return ((P) o).a(1) + ((P) o).b().a(2);
        return ((Q) o).a(2.5, "text") + ((Q) o).b();
    }

    static double eithers(int rounds) {
        double sum = 0;
        for (int i = 0; i < rounds; i++) sum += either(new P()) + either(new Q());
        return sum;
    }

    static final class Keeper {
        final String text = "kept" + System.getProperty("java.version").length() * 0;
    }

    static final class Number {
        int number = 0x12345674;
        int another = 0x7ffffffc;
    }

    /** Only a Keeper has the reference. */
    static int kept(Object o, int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            sum += new int[i & 15].length;
            if (o instanceof Keeper) sum += ((Keeper) o).text.length();
            sum += String.valueOf(i).length();
        }
        return sum;
    }

    static byte[] bytes(Object o) { return (byte[]) o; }
    static boolean[] booleans(Object o) { return (boolean[]) o; }
    static void putByte(byte[] array, int x) { array[0] = (byte) x; }
    static void putBoolean(boolean[] array, boolean x) { array[0] = x; }

    /** One value, said to be of two array types. */
    static int arrays(Object o, int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            if (o instanceof byte[]) putByte((byte[]) o, i); else putBoolean((boolean[]) o, i % 3 == 0);
            if (o instanceof byte[]) bytes(o)[1] = (byte) i; else booleans(o)[1] = i % 3 == 1;
            if (o instanceof byte[]) {
                ((byte[]) o)[2] = (byte) i;
                for (byte b : bytes(o)) sum += b;
            } else {
                ((boolean[]) o)[2] = true;
                for (boolean b : booleans(o)) sum += b ? 1 : 0;
            }
        }
        return sum;
    }

    public static void main(String[] args) {
        System.out.println(arrays(new byte[4], 100));
        System.out.println(arrays(new boolean[4], 100));
        System.out.println(eithers(100));
        System.out.println(kept(new Keeper(), 200));
        System.out.println(kept(new Number(), 200));
        Shape[] shapes = {new Square(), new Square()};
        System.out.println(sum(shapes, 1000));
        System.out.println(sum(new Shape[] {new Square(), new Wide(), x -> x - 1}, 1000));
        Shape[] more = {new Wider(), new Square(), new Wide()};
        System.out.println(sum(more, 70));
        try {
            sum(more, 1000);
        } catch (IllegalArgumentException e) {
            report(e);
        }
        int caught = 0;
        for (int i = 70; i < 80; i++) caught += guarded(i);
        System.out.println(caught);
        Box a = new Box(4);
        System.out.println(fields(a, new Box(5), 100));
        System.out.println(fields(a, a, 100));
        System.out.println(late(2));
        System.out.println(late(6));
        try {
            depth(4);
        } catch (IllegalArgumentException e) {
            report(e);
        }
        try {
            outOfBounds(a, 10);
        } catch (ArrayIndexOutOfBoundsException e) {
            report(e);
        }
        try {
            ofNull(new Box[] {a, null});
        } catch (NullPointerException e) {
            report(e);
        }
        System.out.println(longLoop(new int[] {1, 2, 3, 4}, 5000));
        String walked = StackWalker.getInstance().walk(ExpandedMethods::walked);
        System.out.println(walked);
    }

    static String walked(java.util.stream.Stream<StackWalker.StackFrame> frames) {
        StringBuilder text = new StringBuilder();
        frames.forEach(frame -> text.append(frame.getMethodName()).append(':').append(frame.getLineNumber()).append(' '));
        return text.toString();
    }
}
