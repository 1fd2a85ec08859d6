/** Lambdas of every shape and capture, all four kinds of method reference, composition, recursion, serializable-free. */
import java.util.ArrayList;
import java.util.List;
import java.util.function.*;

public class LambdasAndReferences {
    interface TriFunction<A, B, C, R> { R apply(A a, B b, C c); }
    interface LongToChar { char convert(long l); }
    interface Thrower { void run() throws Exception; }
    interface VarArgs { int count(Object... items); }

    private int state = 5;

    int addState(int x) { return state += x; }
    static String describe(Object o) { return "<" + o + ">"; }
    Supplier<Integer> capturesThis() { return () -> state * 2; }

    static Function<Integer, Integer> factorial() {
        return new Object() {
            final Function<Integer, Integer> f = n -> n <= 1 ? 1 : n * this.f.apply(n - 1);
        }.f;
    }

    static class Base { String hi() { return "base"; } }
    static class Derived extends Base {
        String hi() { return "derived"; }
        Supplier<String> parent() { return super::hi; }
    }

    public static void main(String[] args) throws Exception {
        byte b = 1; short s = 2; char c = 'c'; int i = 4; long l = 5; float f = 6; double d = 7; boolean z = true; String t = "eight";
        Supplier<String> all = () -> "" + b + s + c + i + l + f + d + z + t;
        System.out.println(all.get());
        LambdasAndReferences self = new LambdasAndReferences();
        IntUnaryOperator bound = self::addState;
        ToIntBiFunction<LambdasAndReferences, Integer> unbound = LambdasAndReferences::addState;
        Function<Object, String> stat = LambdasAndReferences::describe;
        Function<String, StringBuilder> constructor = StringBuilder::new;
        IntFunction<int[][]> arrays = int[][]::new;
        System.out.println(bound.applyAsInt(1) + " " + unbound.applyAsInt(self, 10) + " " + stat.apply(3) + constructor.apply("sb").reverse() + arrays.apply(3).length);
        System.out.println(self.capturesThis().get() + " " + new Derived().parent().get() + " " + factorial().apply(10));
        TriFunction<Integer, Long, Double, Double> tri = (x, y, w) -> x + y * w;
        LongToChar toChar = v -> (char) v;
        VarArgs count = items -> items.length;
        System.out.println(tri.apply(1, 2L, 2.5) + " " + toChar.convert(65) + " " + count.count(1, "2", 3.0));
        IntBinaryOperator max = Math::max;
        Comparable<String> comparable = "m"::compareTo;
        BiFunction<String, Integer, Character> charAt = String::charAt;
        ToDoubleFunction<Integer> widen = Integer::doubleValue;
        Function<Integer, Object> boxing = Integer::toBinaryString;
        LongSupplier unboxed = Integer.valueOf(12)::longValue;
        System.out.println(max.applyAsInt(3, 9) + " " + comparable.compareTo("n") + charAt.apply("word", 2) + widen.applyAsDouble(3) + boxing.apply(5) + unboxed.getAsLong());
        Function<Integer, Integer> inc = x -> x + 1, dbl = x -> x * 2;
        System.out.println(inc.andThen(dbl).apply(5) + " " + inc.compose(dbl).apply(5) + " " + Function.<Integer>identity().apply(5));
        Predicate<String> empty = String::isEmpty;
        System.out.println(empty.negate().and(x -> x.length() < 3).or(x -> x.equals("long")).test("ab") + " " + Predicate.not(empty).test("") + BinaryOperator.minBy((Integer p, Integer q) -> p - q).apply(3, 2));
        List<Runnable> later = new ArrayList<>();
        int[] total = {0};
        for (int k = 0; k < 5; k++) {
            int copy = k;
            later.add(() -> total[0] += copy);
        }
        later.forEach(Runnable::run);
        UnaryOperator<UnaryOperator<Integer>> twice = g -> x -> g.apply(g.apply(x));
        System.out.println(total[0] + " " + twice.apply(twice.apply(x -> x * 3)).apply(1));
        Thrower th = () -> { throw new Exception("from lambda"); };
        try {
            th.run();
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
        try {
            LambdasAndReferences none = null;
            IntUnaryOperator bad = none::addState;
            bad.applyAsInt(1);
        } catch (NullPointerException e) {
            System.out.println("null receiver");
        }
        Supplier<Supplier<String>> nested = () -> () -> "nested " + t;
        System.out.println(nested.get().get() + " " + (all == all) + " " + ((Object) all instanceof Supplier) + all.getClass().isSynthetic());
    }
}
