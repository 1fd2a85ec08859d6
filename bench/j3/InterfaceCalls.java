/** Interface and virtual calls whose sites see one, two and seven classes, with little work behind each. */
public class InterfaceCalls extends Bench {
    interface Op {
        int apply(int x);
    }

    static final class Add implements Op {
        final int n;
        Add(int n) { this.n = n; }
        public int apply(int x) { return x + n; }
    }

    static final class Xor implements Op {
        public int apply(int x) { return x ^ 0x5bd1e995; }
    }

    static final class Shift implements Op {
        public int apply(int x) { return x << 1 | x >>> 31; }
    }

    static final class Counted implements Op {
        int calls;
        public int apply(int x) { return x - calls++ % 3; }
    }

    static final class Choice implements Op {
        public int apply(int x) { return x < 0 ? -x : x + 1; }
    }

    static abstract class Base implements Op {
        public int apply(int x) { return step(x) + 1; }
        abstract int step(int x);
    }

    static final class Times extends Base {
        int step(int x) { return x * 3; }
    }

    static final class Half extends Base {
        int step(int x) { return x >> 1; }
    }

    static int one(Op[] ops, int rounds, int x) {
        for (int i = 0; i < rounds; i++) x = ops[i & 7].apply(x);
        return x;
    }

    static int two(Op[] ops, int rounds, int x) {
        for (int i = 0; i < rounds; i++) x = ops[i & 7].apply(x);
        return x;
    }

    static int many(Op[] ops, int rounds, int x) {
        for (int i = 0; i < rounds; i++) x = ops[i & 7].apply(x);
        return x;
    }

    @Override public long run() {
        Op add = new Add(7);
        Op xor = new Xor();
        Op[] same = {add, add, add, add, add, add, add, add};
        Op[] pair = {add, xor, xor, add, xor, add, add, xor};
        Op[] mixed = {add, xor, new Shift(), new Counted(), new Choice(), new Times(), new Half(), new Add(3)};
        int x = one(same, 24_000_000, 1);
        x = two(pair, 16_000_000, x);
        x = many(mixed, 16_000_000, x);
        return x;
    }

    public static void main(String[] args) {
        Bench.main(new InterfaceCalls(), args);
    }
}
