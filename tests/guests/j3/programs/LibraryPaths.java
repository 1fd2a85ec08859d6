/** Methods of the class library whose usual case is code of the VM's own, at the edges of that case: results, exceptions and their messages. */
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.Supplier;

public class LibraryPaths {
    static long seed = 42;

    static int random(int bound) {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        return (int) ((seed >>> 33) % bound);
    }

    static long sum;

    static void add(long value) {
        sum = sum * 1000003 + value;
    }

    static void add(String text) {
        add(text.length());
        for (int i = 0; i < text.length(); i++) add(text.charAt(i));
    }

    static void report(String what) {
        System.out.println(what + " " + sum);
        sum = 0;
    }

    static String thrown(Supplier<?> code) {
        try {
            return "gave " + code.get();
        } catch (Throwable t) {
            StackTraceElement[] trace = t.getStackTrace();
            return t + " at " + trace[0].getMethodName() + ", " + trace[Math.min(1, trace.length - 1)].getMethodName();
        }
    }

    /** Characters of three kinds: ASCII, Latin-1, others. */
    static String text(int length, int kind) {
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            int one = random(64);
            chars[i] = (char) (one < 60 || kind == 0 ? 'A' + one : kind == 1 || one < 62 ? 160 + random(96) : 0x3b1 + random(20));
        }
        return new String(chars);
    }

    static int slowHash(String s) {
        int h = 0;
        for (char c : s.toCharArray()) h = 31 * h + c;
        return h;
    }

    static int slowCompare(String a, String b) {
        char[] x = a.toCharArray(), y = b.toCharArray();
        for (int i = 0; i < Math.min(x.length, y.length); i++) if (x[i] != y[i]) return x[i] - y[i];
        return x.length - y.length;
    }

    static int slowIndex(String s, int c, int from) {
        char[] x = s.toCharArray();
        for (int i = Math.max(from, 0); i < x.length; i++) if (x[i] == c) return i;
        return -1;
    }

    static int slowIndex(String s, String part, int from) {
        for (int i = Math.max(from, 0); i <= s.length() - part.length(); i++) if (s.startsWith(part, i)) return i;
        return part.isEmpty() && from > 0 ? s.length() : -1;
    }

    static void check(boolean good, String what, Object... about) {
        if (!good) throw new AssertionError(what + " " + Arrays.toString(about));
    }

    static void strings() {
        for (int length = 0; length < 40; length += length < 18 ? 1 : 7) {
            for (int kind = 0; kind < 3; kind++) {
                String a = text(length, kind);
                check(a.hashCode() == slowHash(a), "hash", a);
                String same = new String(a.toCharArray());
                check(a.equals(same) && same.equals(a) && a.compareTo(same) == 0, "same", a);
                for (int at = 0; at < length; at++) {
                    char[] chars = a.toCharArray();
                    chars[at] ^= 1 << random(kind == 2 ? 9 : 7);
                    String other = new String(chars);
                    check(!a.equals(other) && !other.equals(a), "equals", a, other);
                    check(a.compareTo(other) == slowCompare(a, other), "compare", a, other);
                    String cut = a.substring(0, at);
                    check(!a.equals(cut) && a.compareTo(cut) == slowCompare(a, cut), "cut", a, cut);
                    check(other.compareTo(cut) == slowCompare(other, cut), "cut", other, cut);
                    check(cut.compareTo(other) == slowCompare(cut, other), "cut", cut, other);
                    int c = a.charAt(random(length)), from = random(length + 4) - 2;
                    for (int what : new int[] {c, 0, 'z' + 1, 255, 256, c + 256, 0x3b1, -1}) {
                        check(a.indexOf(what, from) == slowIndex(a, what, from), "index", a, what, from);
                    }
                    check(a.substring(at).equals(new String(a.toCharArray(), at, length - at)), "substring", a, at);
                    add(a.substring(random(at + 1), at));
                }
                add(a.toUpperCase(Locale.ROOT));
                add(a.toLowerCase(Locale.ROOT));
                add(a.replace('B', kind == 0 ? 'b' : 'é'));
                add(a.trim() + a.strip() + a.concat(same) + a + kind + length);
                add(a.toUpperCase(Locale.forLanguageTag("tr")) + a.toLowerCase(Locale.forLanguageTag("lt")));
                for (char from : new char[] {length > 0 ? a.charAt(length / 2) : 'x', length > 0 ? a.charAt(length - 1) : 'x', 0, 0x80, 0xff, 0x100, 0x3b1}) {
                    for (char to : new char[] {'a', from, 0, 0x80, 0xff, 0x3b1}) add(a.replace(from, to) + (a.replace(from, to) == a));
                }
                for (int i = 0; i < 8; i++) {
                    int from = random(length + 1), to = from + random(length - from + 1);
                    String part = a.substring(from, to);
                    for (int start : new int[] {Integer.MIN_VALUE, 0, from, from + 1, to, length, Integer.MAX_VALUE}) {
                        check(a.indexOf(part, start) == slowIndex(a, part, start), "index", a, part, start);
                        check(a.indexOf(part + "B", start) == slowIndex(a, part + "B", start), "index", a, part, start);
                    }
                    char[] chars = new char[length + 5];
                    a.getChars(from, to, chars, random(5));
                    add(new String(chars));
                    add(new String(chars, from, to - from) + new StringBuilder().append(chars, from, to - from));
                    add(new StringBuilder(a).insert(from, 'π').insert(to, part).toString());
                }
                add(new String(a.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        check(!"a".equals(null) && !"a".equals((Object) 1) && "".equals(new String()), "equals");
        check(("" + new StringBuilder()).hashCode() == 0, "empty");
        report("strings");
        String[] nothing = {null, ""};
        System.out.println(thrown(() -> "abc".compareTo(nothing[0])));
        System.out.println(thrown(() -> "abc".concat(nothing[0])));
        System.out.println(thrown(() -> "abc".charAt(3)));
        System.out.println(thrown(() -> "abc".charAt(-1)));
        System.out.println(thrown(() -> nothing[1].charAt(0)));
        System.out.println(thrown(() -> "αβγ".charAt(3)));
        System.out.println(thrown(() -> "abc".substring(2, 1)));
        System.out.println(thrown(() -> nothing[0].charAt(0)));
        System.out.println(thrown(() -> nothing[0] + nothing[0] + nothing[1]));
        System.out.println("aaaaaaaaaaaaaaaaaaab".indexOf("aab") + " " + "a\0b\0\0c".indexOf("\0c") + " " + "\0\0\0".indexOf("\0\0", 1));
        System.out.println("TITLE title ß µ ÿ".toUpperCase() + "TITLE title ÀÖ×".toLowerCase() + "title".toUpperCase(Locale.forLanguageTag("az")));
        String same = "ALL 1234567890 GOOD";
        System.out.println((same.toUpperCase() == same) + " " + ("all good".toLowerCase() == "all good"));
        System.out.println(thrown(() -> "abc".toUpperCase((Locale) null)));
        System.out.println(thrown(() -> { "abc".getChars(1, 3, new char[2], 1); return 0; }));
        System.out.println(thrown(() -> new String(new char[3], 2, 2)));
        String abc = "abc";
        System.out.println((abc.concat("") == abc) + " " + ("x".substring(1) == "") + " " + (new StringBuilder().toString() == ""));
    }

    static void characters() {
        for (int c = -2; c < 400; c++) {
            add(Character.toUpperCase(c));
            add(Character.toLowerCase(c));
            if (c >= 0) add(Character.toUpperCase((char) c) + 3 * Character.toLowerCase((char) c));
            add((Character.isDigit(c) ? 1 : 0) + (Character.isLetter(c) ? 2 : 0) + (Character.isLetterOrDigit(c) ? 4 : 0));
            add((Character.isUpperCase(c) ? 1 : 0) + (Character.isLowerCase(c) ? 2 : 0) + (Character.isWhitespace(c) ? 4 : 0));
            for (int radix : new int[] {-1, 0, 1, 2, 7, 8, 10, 11, 16, 36, 37, Integer.MAX_VALUE}) add(Character.digit(c, radix));
        }
        report("characters");
    }

    static void builders() {
        for (int length = 0; length < 40; length += 3) {
            for (int kind = 0; kind < 3; kind++) {
                StringBuilder sb = new StringBuilder(random(20));
                StringBuffer buffer = new StringBuffer(random(20));
                for (int i = 0; i < length; i++) {
                    char c = text(1, kind).charAt(0);
                    String s = text(random(6), kind);
                    sb.append(c).append(s).append(i);
                    buffer.append(c).append(s).append(i);
                    if (i % 7 == 0) sb.append((String) null);
                    if (i % 7 == 0) buffer.append((String) null);
                    if (i % 11 == 0) sb.setLength(sb.length() / 2);
                    if (i % 11 == 0) buffer.setLength(buffer.length() / 2);
                    if (i % 13 == 5) sb.insert(1, c).deleteCharAt(0).trimToSize();
                    if (i % 13 == 5) buffer.insert(1, c).deleteCharAt(0).trimToSize();
                    add(sb.charAt(sb.length() / 2));
                }
                check(sb.toString().equals(buffer.toString()), "builder", sb, buffer);
                add(sb.toString());
                add(sb.reverse().toString());
            }
        }
        report("builders");
        System.out.println(thrown(() -> new StringBuilder("abc").charAt(3)));
        System.out.println(new StringBuilder().append('a').append('α').append("b").append("β").append((Object) null).append(1.5f));
    }

    interface Copy {
        void copy(int from, int to, int length);
    }

    static void copies(String name, Copy code) {
        int[] edges = {Integer.MIN_VALUE, -1, 0, 1, 5, 40, 41, Integer.MAX_VALUE};
        int thrown = 0;
        for (int from : edges) {
            for (int to : edges) {
                for (int length : edges) {
                    try {
                        code.copy(from, to, length);
                    } catch (IndexOutOfBoundsException e) {
                        thrown++;
                        add(e.getMessage().hashCode());
                    }
                }
            }
        }
        for (int i = 0; i < 400; i++) {
            int from = random(40), to = random(40);
            code.copy(from, to, random(40 - Math.max(from, to) + 1));
        }
        System.out.println(name + " " + thrown + " " + sum);
        sum = 0;
    }

    static byte[] bytes = new byte[40];
    static char[] chars = new char[40];
    static int[] ints = new int[40];
    static long[] longs = new long[40];
    static double[] doubles = new double[40];
    static boolean[] booleans = new boolean[40];
    static Object[] objects = new Object[40];
    static Integer[] integers = new Integer[40];

    static void arrays() {
        for (int i = 0; i < 40; i++) {
            bytes[i] = (byte) random(256);
            chars[i] = (char) random(65536);
            ints[i] = random(1 << 30);
            longs[i] = seed;
            doubles[i] = seed;
            booleans[i] = random(2) == 0;
            objects[i] = "o" + i;
            integers[i] = i * 1000;
        }
        copies("bytes", (from, to, n) -> { System.arraycopy(bytes, from, bytes, to, n); add(Arrays.hashCode(bytes)); });
        copies("chars", (from, to, n) -> { System.arraycopy(chars, from, chars, to, n); add(Arrays.hashCode(chars)); });
        copies("ints", (from, to, n) -> { System.arraycopy(ints, from, ints, to, n); add(Arrays.hashCode(ints)); });
        copies("longs", (from, to, n) -> { System.arraycopy(longs, from, longs, to, n); add(Arrays.hashCode(longs)); });
        copies("doubles", (from, to, n) -> { System.arraycopy(doubles, from, doubles, to, n); add(Arrays.hashCode(doubles)); });
        copies("booleans", (from, to, n) -> { System.arraycopy(booleans, from, booleans, to, n); add(Arrays.hashCode(booleans)); });
        copies("objects", (from, to, n) -> { System.arraycopy(objects, from, objects, to, n); add(Arrays.hashCode(objects)); });
        copies("widening", (from, to, n) -> { System.arraycopy(integers, from, objects, to, n); add(Arrays.hashCode(objects)); });
        Object[] mixed = {1, 2, null, "three", 4};
        System.out.println(thrown(() -> { System.arraycopy(mixed, 0, integers, 0, 5); return 0; }) + " " + integers[1] + integers[2] + integers[3]);
        System.out.println(thrown(() -> { System.arraycopy(bytes, 0, null, 0, 5); return 0; }));
        System.out.println(thrown(() -> { System.arraycopy(bytes, 0, chars, 0, 5); return 0; }));
        System.out.println(thrown(() -> { System.arraycopy(bytes, 0, booleans, 0, 5); return 0; }));
        System.out.println(thrown(() -> { System.arraycopy(bytes, 0, "text", 0, 5); return 0; }));
        System.out.println(thrown(() -> Arrays.copyOfRange(bytes, 3, 2)) + thrown(() -> Arrays.copyOfRange(bytes, 41, 42)));
        System.out.println(thrown(() -> Arrays.copyOf(bytes, -1)) + Arrays.hashCode(Arrays.copyOf(bytes, 99)) + Arrays.hashCode(Arrays.copyOfRange(bytes, 39, 50)));
        System.out.println(thrown(() -> Arrays.toString(Arrays.asList("a", "b").toArray(new Integer[0]))));
        IntFunction<Object[]> maker = String[]::new;
        System.out.println(Arrays.toString(Arrays.asList("a", null, "b").subList(1, 3).toArray(maker.apply(1))));
    }

    static void fills() {
        int[] edges = {Integer.MIN_VALUE, -1, 0, 1, 7, 39, 40, 41, Integer.MAX_VALUE};
        for (int from : edges) {
            for (int to : edges) {
                add(thrown(() -> { Arrays.fill(bytes, from, to, (byte) -3); return Arrays.hashCode(bytes); }));
                add(thrown(() -> { Arrays.fill(booleans, from, to, true); return Arrays.hashCode(booleans); }));
                add(thrown(() -> { Arrays.fill(chars, from, to, (char) 0xfffe); return Arrays.hashCode(chars); }));
                add(thrown(() -> { Arrays.fill(ints, from, to, -from); return Arrays.hashCode(ints); }));
                add(thrown(() -> { Arrays.fill(longs, from, to, ~(long) to); return Arrays.hashCode(longs); }));
                add(thrown(() -> { Arrays.fill(doubles, from, to, -0.5 * to); return Arrays.hashCode(doubles); }));
            }
        }
        byte[] none = null;
        System.out.println(thrown(() -> { Arrays.fill(none, (byte) 1); return 0; }) + thrown(() -> { Arrays.fill(none, 2, 1, (byte) 1); return 0; }));
        for (int length = 0; length < 300; length += length < 40 ? 1 : 53) {
            byte[] one = new byte[length], other = new byte[length];
            short[] shorts = new short[length];
            float[] floats = new float[length];
            Arrays.fill(one, (byte) (length - 100));
            Arrays.fill(other, (byte) (length - 100));
            Arrays.fill(shorts, (short) -length);
            Arrays.fill(floats, -1.5f);
            add(Arrays.hashCode(one) + Arrays.hashCode(shorts) + Arrays.hashCode(floats));
            check(Arrays.equals(one, other) && Arrays.mismatch(one, other) == -1, "equals", length);
            for (int at = 0; at < length; at += 1 + length / 9) {
                other[at]++;
                check(!Arrays.equals(one, other) && Arrays.mismatch(one, other) == at, "mismatch", length, at);
                add(Arrays.compare(one, other) + Arrays.mismatch(one, at, length, other, 0, length));
                other[at]--;
                short[] changed = shorts.clone();
                changed[at] ^= 1 << random(16);
                check(Arrays.mismatch(shorts, changed) == at, "mismatch", length, at);
                float[] others = floats.clone();
                others[at] = Float.intBitsToFloat(Float.floatToRawIntBits(-1.5f) ^ 1);
                check(Arrays.mismatch(floats, others) == at, "mismatch", length, at);
                long[] wide = new long[length], wider = new long[length];
                wider[at] = 1L << random(64);
                check(Arrays.mismatch(wide, wider) == at && !Arrays.equals(wide, wider), "mismatch", length, at);
            }
        }
        report("fills");
    }

    static void types() {
        Object[] all = {
            null, "s", 1, new Object[1], new String[1], new Integer[1], new Number[1], new Comparable<?>[1], new Object[1][1], new String[1][1], new int[1], new int[1][1],
            new int[1][1][1], new Object[1][1][1], new Number[1][1][1], new Cloneable[1], new boolean[1], new java.util.ArrayList<?>[1], new java.util.List<?>[1][1], Thread.State.NEW, new Thread.State[1],
        };
        int n = 0;
        for (Object o : all) {
            add((o instanceof Object[] ? 1 : 0) + (o instanceof Number[] ? 2 : 0) + (o instanceof Comparable<?>[] ? 4 : 0) + (o instanceof Object[][] ? 8 : 0));
            add((o instanceof Cloneable[] ? 1 : 0) + (o instanceof java.io.Serializable[][] ? 2 : 0) + (o instanceof int[][] ? 4 : 0) + (o instanceof Number[][][] ? 8 : 0));
            add((o instanceof Cloneable ? 1 : 0) + (o instanceof Object[][][] ? 2 : 0) + (o instanceof String[][] ? 4 : 0) + (o instanceof Enum<?>[] ? 8 : 0));
            add((o instanceof java.util.Collection<?>[] ? 1 : 0) + (o instanceof java.util.AbstractList<?>[] ? 2 : 0) + (o instanceof java.util.List<?>[][] ? 4 : 0));
            add(thrown(() -> ((Object[]) o).length) + thrown(() -> ((Comparable<?>[][]) o).length) + thrown(() -> ((Number[]) o).length));
            for (Class<?> c : new Class<?>[] {Object.class, Number.class, Comparable.class, Object[].class, Number[].class, Comparable[].class, Cloneable.class, int.class, int[].class}) {
                if (c.isInstance(o)) n++;
            }
            for (Object a : all) {
                if (a instanceof Object[]) add(thrown(() -> ((Object[]) a)[0] = o).split(";")[0].replaceAll("@[0-9a-f]+", ""));
            }
        }
        add(n);
        report("types");
    }

    static class Counted extends ThreadLocal<Integer> {
        @Override protected Integer initialValue() {
            return random(1000);
        }
    }

    static void locals() throws Exception {
        ThreadLocal<?>[] all = new ThreadLocal<?>[50];
        for (int i = 0; i < all.length; i++) {
            int n = i;
            all[i] = i % 3 == 0 ? new Counted() : i % 3 == 1 ? ThreadLocal.withInitial(() -> n) : new InheritableThreadLocal<>();
        }
        for (int round = 0; round < 20; round++) {
            for (ThreadLocal<?> one : all) {
                Object value = one.get();
                add(value == null ? -1 : (Integer) value);
                @SuppressWarnings("unchecked") ThreadLocal<Integer> typed = (ThreadLocal<Integer>) one;
                int what = random(4);
                if (what == 0) typed.remove();
                if (what == 1) typed.set(round);
                if (what == 2) typed.set(null);
            }
        }
        Thread thread = new Thread(() -> {
            for (ThreadLocal<?> one : all) {
                Object value = one.get();
                add(value == null ? -1 : (Integer) value);
            }
        });
        thread.start();
        thread.join();
        report("locals");
    }

    public static void main(String[] args) throws Exception {
        strings();
        characters();
        builders();
        arrays();
        fills();
        types();
        locals();
    }
}
