import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Classes to be mutated: each has a static run() whose loops count up to small limits, and which gives a string. They print nothing, and wait for
 * nothing, so that most of their mutants end.
 */
class Seeds {
    static class Arithmetic {
        static int seed = 12345;
        static final long FACTOR = 6364136223846793005L;

        public static String run() {
            int a = seed, b = 7;
            long l = FACTOR;
            for (int i = 0; i < 20; i++) {
                a = a * 31 + (b ^ i) - (a >>> 3) + (a << 5) % 1009;
                b = (b & 255) / (i + 1) | -a >> 2;
                l = l * a + (l >>> 17) - b / (l | 1) % 77;
                if (a > b && (i & 1) == 0 || l < 0) a += (byte) b + (short) a + (char) i;
                seed--;
            }
            return a + " " + b + " " + l + " " + seed + " " + (int) l + " " + Long.compare(l, a);
        }
    }

    static class Floats {
        static double scale = 1.5;

        static double step(double x, float y, int n) {
            return n > 3 ? x * y - n : x / y + n % 2.5;
        }

        public static String run() {
            float f = 0.1f;
            double d = scale;
            int nans = 0;
            for (int i = 0; i < 12; i++) {
                d = step(d, f, i);
                f = (float) (d / 3) - f * i;
                if (d != d || f > 1e20f) nans++;
                if (f <= d) d -= (long) f + (int) d;
            }
            return f + " " + d + " " + nans + " " + (int) (d * 1e3) + " " + (f < d) + (f >= d);
        }
    }

    static class Arrays {
        int[] numbers = {3, 1, 4, 1, 5, 9, 2, 6};
        static final String[][] NAMES = {{"a", "bb"}, {}, {"ccc"}};

        int sum(byte[] bytes, char[] chars, long[] longs) {
            int sum = 0;
            for (int i = 0; i < numbers.length; i++) {
                bytes[i] = (byte) numbers[i];
                chars[i % chars.length] += numbers[i];
                longs[numbers[i] & 3] ^= (long) i << 33;
                sum += bytes[i] + chars[i % 3];
            }
            return sum + (int) (longs[1] >> 32);
        }

        public static String run() {
            Arrays a = new Arrays();
            int sum = a.sum(new byte[8], new char[3], new long[4]);
            int[][] grid = new int[3][4];
            for (int i = 0; i < 3; i++) for (int j = 0; j < grid[i].length; j++) grid[i][j] = i * j + sum;
            Object[] objects = NAMES[0];
            try {
                objects[1] = grid;
            } catch (ArrayStoreException e) {
                sum++;
            }
            return sum + NAMES[0][1] + grid[2][3] + NAMES[2].length + objects.length + a.numbers.clone()[5];
        }
    }

    static class Control {
        static int pick(int n) {
            switch (n) {
                case 0: return 5;
                case 1: n += 2;
                case 2: n *= 3; break;
                case 7: return -1;
                default: n -= 1;
            }
            switch (n * 1000) {
                case -5000: return 8;
                case 9000: return n;
                case 100000: return 2;
            }
            return n / 2;
        }

        static int word(String s) {
            return switch (s) {
                case "one", "eins" -> 1;
                case "two" -> 2;
                default -> s.length() > 3 ? 4 : 3;
            };
        }

        public static String run() {
            StringBuilder out = new StringBuilder();
            outer:
            for (int i = -1; i < 9; i++) {
                int j = 0;
                while (true) {
                    if (++j > i) continue outer;
                    if (j == 5) break;
                }
                do out.append(pick(i)).append(','); while (--j > 4);
            }
            return out + "" + word("two") + word("eins") + word("three") + word("");
        }
    }

    static class Exceptions {
        static int depth;

        static int risky(int n, Object o) throws Exception {
            try {
                if (n == 1) throw new Exception("one");
                if (n == 2) return ((String) o).length();
                if (n == 3) return 10 / (n - 3);
                if (n == 4) return new int[n][2][n].length;
                if (n == 5) return new int[-n].length;
                synchronized (o) {
                    return o.hashCode() == 0 ? n : n * 2;
                }
            } catch (ArithmeticException | NegativeArraySizeException e) {
                depth++;
                return -n;
            } finally {
                depth += 10;
                if (n == 6) depth *= 2;
            }
        }

        public static String run() {
            String out = "";
            for (int i = 0; i < 8; i++) {
                try {
                    out += risky(i, i == 7 ? null : (Object) Integer.valueOf(i)) + ";";
                } catch (RuntimeException e) {
                    out += e.getClass().getName() + ";";
                } catch (Exception e) {
                    out += e.getMessage() + ";";
                }
            }
            return out + depth;
        }
    }

    interface Shape {
        int SIDES = 4;

        double area();

        default String describe() {
            return getClass().getSimpleName().length() + ":" + area() * SIDES;
        }
    }

    static class Objects implements Shape, Comparable<Objects> {
        private final int width;
        protected volatile long stamp;
        static Objects last;
        String name;

        Objects(int width, String name) {
            this.width = width;
            this.name = name;
            last = this;
        }

        @Override public double area() { return width * width; }

        @Override public int compareTo(Objects other) { return width - other.width; }

        @Override public boolean equals(Object other) {
            return other instanceof Objects && ((Objects) other).width == width;
        }

        @Override public int hashCode() { return width * 31 + name.hashCode(); }

        synchronized Objects grow(int by) {
            stamp += by;
            return new Objects(width + by, name + by);
        }

        public static String run() {
            Objects a = new Objects(2, "n");
            Shape s = a.grow(3);
            Object o = s;
            Comparable<Objects> c = a;
            return a.equals(o) + " " + c.compareTo((Objects) s) + " " + s.describe() + " " + last.name + last.hashCode() + a.stamp + (o instanceof Runnable);
        }
    }

    static class Library {
        public static String run() {
            List<Integer> list = new ArrayList<>();
            Map<String, Integer> map = new HashMap<>();
            for (int i = 0; i < 10; i++) {
                list.add(i * i % 7);
                map.merge("k" + i % 3, i, Integer::sum);
            }
            int total = 0;
            for (int n : list) total += n;
            list.remove(Integer.valueOf(4));
            list.sort(null);
            StringBuilder out = new StringBuilder("<");
            for (String key : new String[] {"k0", "k1", "k9"}) out.append(map.get(key)).append(key.charAt(1));
            return out.append(total).append(list).append(String.format("%03d", map.size())).reverse().toString();
        }
    }

    static class Lambdas {
        static int calls;

        static int apply(IntUnaryOperator f, int n) {
            calls++;
            return f.applyAsInt(n);
        }

        public static String run() {
            int base = 3;
            IntUnaryOperator add = n -> n + base;
            IntUnaryOperator both = add.andThen(n -> n * n);
            Supplier<String> text = () -> "s" + calls;
            Runnable none = Lambdas::count;
            none.run();
            return apply(both, 4) + text.get() + apply(Math::abs, -9) + apply(add, base) + calls;
        }

        static void count() {
            calls += 100;
        }
    }

    enum Colour {
        RED, GREEN { @Override int weight() { return 7; } }, BLUE;

        int weight() { return ordinal() + 1; }

        public static String run() {
            int sum = 0;
            for (Colour c : values()) sum = sum * 10 + c.weight() + c.name().length();
            return sum + valueOf("BLUE").toString() + GREEN.compareTo(RED) + RED.getDeclaringClass().getEnumConstants().length;
        }
    }

    record Pair(int left, String right, double[] more) {
        static int made;

        Pair {
            if (left < 0) throw new IllegalArgumentException("left");
            made++;
        }

        Pair swap(int n) {
            return new Pair(n, right + left, more);
        }

        public static String run() {
            Pair p = new Pair(1, "r", null), q = p.swap(2);
            long sum = 0;
            for (Pair each : new Pair[] {p, q, q.swap(1)}) sum = sum * 7 + each.left() + each.right().length();
            return q + " " + p.equals(new Pair(1, "r", null)) + (q.hashCode() == q.swap(2).hashCode()) + sum + made;
        }
    }

    static class Recursion {
        static int[] memory = new int[40];
        static int limit = 300;

        static int fib(int n) {
            if (n < 2) return n;
            if (memory[n] != 0) return memory[n];
            return memory[n] = fib(n - 1) + fib(n - 2);
        }

        static long down(int n, long acc, float f, double d) {
            return n == 0 ? acc + (long) f : down(n - 1, acc * 3 + n, f + 0.5f, d - f);
        }

        static boolean even(int n) { return n == 0 || odd(n - 1); }

        static boolean odd(int n) { return n != 0 && even(n - 1); }

        public static String run() {
            return fib(30) + " " + down(limit, 1, 2, 3) + " " + even(101) + odd(limit + 1);
        }
    }
}
