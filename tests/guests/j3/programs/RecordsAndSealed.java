/** Records, sealed interfaces, enums with bodies and state, pattern matching for instanceof. */
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

public class RecordsAndSealed {
    sealed interface Expr permits Num, Add, Mul, Neg, Var { }
    record Num(int value) implements Expr { }
    record Add(Expr left, Expr right) implements Expr { }
    record Mul(Expr left, Expr right) implements Expr { }
    record Neg(Expr e) implements Expr { }
    record Var(String name) implements Expr { Var { Objects.requireNonNull(name); name = name.trim(); } }

    static int evaluate(Expr e, int x) {
        if (e instanceof Num n) return n.value();
        if (e instanceof Add a) return evaluate(a.left(), x) + evaluate(a.right(), x);
        if (e instanceof Mul m && m.left() instanceof Num z && z.value() == 0) return 0;
        if (e instanceof Mul m) return evaluate(m.left, x) * evaluate(m.right, x);
        if (!(e instanceof Neg n)) return x;
        return -evaluate(n.e(), x);
    }

    enum Operator {
        PLUS("+") { int apply(int a, int b) { return a + b; } },
        MINUS("-") { int apply(int a, int b) { return a - b; } },
        POWER("^") {
            int apply(int a, int b) {
                int r = 1;
                for (int i = 0; i < b; i++) r *= a;
                return r;
            }
        };
        final String symbol;
        static int made;
        static { for (Operator o : values()) made++; }
        Operator(String symbol) { this.symbol = symbol; }
        abstract int apply(int a, int b);
    }

    record Pair<A, B>(A first, B second) implements Comparable<Pair<A, B>> {
        static int compared;
        Pair(A both) { this(both, null); }
        public int compareTo(Pair<A, B> o) { compared++; return toString().compareTo(o.toString()); }
    }

    record Everything(byte b, short s, char c, int i, long l, float f, double d, boolean z, String t, int[] a) { }

    public static void main(String[] args) {
        Expr e = new Add(new Mul(new Num(3), new Var(" x ")), new Neg(new Num(4)));
        System.out.println(e + " = " + evaluate(e, 5));
        System.out.println(evaluate(new Mul(new Num(0), new Var("y")), 9) + " " + new Num(3).equals(new Num(3)) + " " + new Num(3).hashCode());
        System.out.println(new Var("q").equals(null) + " " + new Add(new Num(1), new Num(2)).equals(new Add(new Num(1), new Num(2))));
        for (Operator o : Operator.values()) System.out.println(o + " " + o.symbol + " " + o.apply(7, 3) + " " + o.ordinal() + " " + o.getDeclaringClass().getSimpleName());
        System.out.println(Operator.made + " " + Operator.valueOf("PLUS").compareTo(Operator.POWER));
        try {
            Operator.valueOf("TIMES");
        } catch (IllegalArgumentException x) {
            System.out.println(x.getMessage());
        }
        EnumMap<Operator, List<Integer>> map = new EnumMap<>(Operator.class);
        map.put(Operator.POWER, List.of(1, 2));
        map.put(Operator.PLUS, List.of());
        System.out.println(map + " " + EnumSet.complementOf(EnumSet.of(Operator.MINUS)) + " " + EnumSet.allOf(Operator.class).contains(Operator.PLUS));
        var pair = new Pair<>("a", 1);
        System.out.println(pair + " " + new Pair<String, Integer>("b") + " " + pair.compareTo(new Pair<>("a", 2)) + " " + Pair.compared + " " + pair.hashCode());
        var all = new Everything((byte) 1, (short) 2, '3', 4, 5L, 6f, 7d, true, "9", null);
        System.out.println(all + " " + all.equals(new Everything((byte) 1, (short) 2, '3', 4, 5L, 6f, 7d, true, "9", null)) + " " + all.hashCode());
        for (var c : Everything.class.getRecordComponents()) System.out.print(c.getType().getSimpleName() + " " + c.getName() + ", ");
        System.out.println(Expr.class.isSealed() + " " + Expr.class.getPermittedSubclasses().length + " " + Num.class.isRecord());
    }
}
