/** printStackTrace with line numbers, Caused by, common frames, suppressed and circular references, constructors, lambdas. */
import java.util.List;
import java.util.function.Supplier;

public class StackTraces {
    final int value;

    StackTraces(int v) {
        value = check(v);
    }

    static int check(int v) {
        if (v < 0)
            throw new IllegalArgumentException(
                "negative: " + v);
        return v;
    }

    static void level1(int v) {
        try {
            new StackTraces(v);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("level 1", e);
        }
    }

    static void level2(int v) {
        try {
            level1(v);
        } catch (RuntimeException e) {
            RuntimeException wrapped = new RuntimeException(e);
            wrapped.addSuppressed(new Exception("beside"));
            throw wrapped;
        }
    }

    static class Inner {
        static int bad = 0;
        int divide(int by) { return 10 / by; }
    }

    static <T> T call(Supplier<T> s) {
        return s.get();
    }

    public static void main(String[] args) {
        try {
            level2(-5);
        } catch (RuntimeException e) {
            e.printStackTrace();
            e.printStackTrace(System.out);
        }
        try {
            new Inner().divide(Inner.bad);
        } catch (ArithmeticException e) {
            e.printStackTrace(System.out);
        }
        try {
            call(() -> Integer.valueOf("x").toString());
        } catch (NumberFormatException e) {
            e.printStackTrace(System.out);
        }
        try {
            List.of(3, 1).forEach(i -> {
                Object o = i;
                System.out.println((String) o);
            });
        } catch (ClassCastException e) {
            for (StackTraceElement f : e.getStackTrace()) System.out.println(f.getMethodName() + ":" + f.getLineNumber());
        }
        Exception a = new Exception("a"), b = new Exception("b", a);
        a.initCause(b);
        a.printStackTrace(System.out);
        Thread.dumpStack();
    }
}
