/** Lambdas, method references and method handles in methods that have become hot: the same objects, results, errors and traces as before. */
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

public class HotHandles {
    static final MethodHandle LENGTH;
    static final MethodHandle SUM;
    static final MethodHandle MAKE;
    static final MethodHandle GUARDED;
    static final MutableCallSite SITE = new MutableCallSite(MethodType.methodType(int.class, int.class));
    static final MethodHandle DYNAMIC = SITE.dynamicInvoker();

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LENGTH = lookup.findVirtual(CharSequence.class, "length", MethodType.methodType(int.class));
            SUM = lookup.findStatic(HotHandles.class, "sum", MethodType.methodType(long.class, int.class, long.class));
            MAKE = lookup.findConstructor(Pair.class, MethodType.methodType(void.class, Object.class, int.class));
            MethodHandle test = lookup.findStatic(HotHandles.class, "isEven", MethodType.methodType(boolean.class, int.class));
            MethodHandle twice = lookup.findStatic(HotHandles.class, "twice", MethodType.methodType(int.class, int.class));
            MethodHandle fail = lookup.findStatic(HotHandles.class, "fail", MethodType.methodType(int.class, int.class));
            GUARDED = MethodHandles.guardWithTest(test, twice, fail);
            SITE.setTarget(twice);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    record Pair(Object left, int right) {
        Pair {
            if (right < 0) throw new IllegalArgumentException("negative " + right);
        }
    }

    static long sum(int a, long b) { return a + b; }
    static boolean isEven(int x) { return (x & 1) == 0; }
    static int twice(int x) { return 2 * x; }
    static int fail(int x) { throw new IllegalStateException("odd " + x); }

    static Supplier<String> same() { return () -> "same"; }
    static Supplier<String> captured(String text, int n) { return () -> text + n; }
    static <T> long total(List<T> list, ToLongFunction<T> f) {
        long total = 0;
        for (T each : list) total += f.applyAsLong(each);
        return total;
    }
    static long lengths(List<String> texts, int add) {
        return total(texts, String::length) + total(texts, t -> t.length() + add) + total(texts, t -> t.charAt(add));
    }
    static Function<Object, Pair> pairs() { return x -> new Pair(x, x.hashCode() % 10); }
    static IntBinaryOperator divider() { return Math::floorDiv; }

    static long handles(String text, int n) throws Throwable {
        int length = (int) LENGTH.invokeExact((CharSequence) text);
        long sum = (long) SUM.invokeExact(n, (long) length);
        Pair pair = (Pair) MAKE.invokeExact((Object) text, n);
        return sum + pair.right() + (int) GUARDED.invokeExact(n) + (int) DYNAMIC.invokeExact(n);
    }

    static void show(Throwable e) {
        System.out.println(e);
        StackTraceElement[] trace = e.getStackTrace();
        for (int i = 0; i < Math.min(trace.length, 8); i++) System.out.println("  " + trace[i]);
    }

    public static void main(String[] args) throws Throwable {
        Set<Supplier<String>> suppliers = new HashSet<>();
        Set<Class<?>> classes = new HashSet<>();
        long check = 0;
        for (int i = 0; i < 300; i++) {
            suppliers.add(same());
            Supplier<String> made = captured("n", i);
            classes.add(made.getClass());
            check += made.get().hashCode();
        }
        System.out.println(suppliers.size() + " " + classes.size() + " " + check);

        List<String> texts = new ArrayList<>(List.of("one", "three", "seven"));
        for (int i = 0; i < 200; i++) check += lengths(texts, i % 3);
        System.out.println(check);
        try {
            lengths(texts, 4);
        } catch (StringIndexOutOfBoundsException e) {
            show(e);
        }
        texts.add(null);
        try {
            lengths(texts, 0);
        } catch (NullPointerException e) {
            show(e);
        }

        for (int i = 0; i < 200; i++) check += pairs().apply(i).right() + divider().applyAsInt(i, 3);
        System.out.println(check + " " + pairs().apply("text").left());
        try {
            divider().applyAsInt(1, 0);
        } catch (ArithmeticException e) {
            show(e);
        }
        try {
            pairs().apply(-3);
        } catch (IllegalArgumentException e) {
            show(e);
        }

        for (int i = 0; i < 200; i++) check += handles("text" + i, 2 * i);
        System.out.println(check);
        for (int n : new int[] {3, -2}) {
            try {
                handles("text", n);
            } catch (IllegalStateException | IllegalArgumentException e) {
                show(e);
            }
        }
        try {
            handles(null, 2);
        } catch (NullPointerException e) {
            System.out.println(e.getClass());
        }
        SITE.setTarget(MethodHandles.lookup().findStatic(HotHandles.class, "fail", MethodType.methodType(int.class, int.class)));
        try {
            handles("text", 2);
        } catch (IllegalStateException e) {
            show(e);
        }
    }
}
