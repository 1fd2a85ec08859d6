/** Which strings and boxes are the same object: literals, constants, intern across classes, integer caches, class literals, enums. */
public class Interning {
    static final String CONSTANT = "con" + "stant";
    static final String NOT_CONSTANT = "con".concat("stant");

    static class Other {
        static final String SAME = "constant";
        static String make(String s) { return new String(s); }
    }

    static boolean same(Object a, Object b) { return a == b; }

    public static void main(String[] args) {
        String local = "constant";
        final String prefix = "con";
        String suffix = "stant";
        System.out.println(same(local, CONSTANT) + " " + same(local, Other.SAME) + " " + same(local, NOT_CONSTANT) + " " + same(local, NOT_CONSTANT.intern()));
        System.out.println(same(local, prefix + "stant") + " " + same(local, prefix + suffix) + " " + same(local, (prefix + suffix).intern()) + " " + same(local, Other.make("constant")) + " " + same("", new String("").intern()));
        System.out.println(same("é中", "é" + "中") + " " + same(String.valueOf(true), "true") + " " + same(new StringBuilder("x").toString().intern(), "x") + " " + same("a".substring(0), "a") + same("a".trim(), "a") + same("a".replace('b', 'c'), "a") + same("a".concat(""), "a"));
        int cached = 0;
        for (int i = -200; i <= 200; i++) if (same(i, i)) cached++;
        int longs = 0;
        for (long l = -200; l <= 200; l++) if (same(l, l)) longs++;
        System.out.println(cached + " " + longs + " " + same('a', 'a') + same((byte) -5, (byte) -5) + same(true, Boolean.valueOf("TRUE")) + same(1.0, 1.0));
        System.out.println(same(int.class, Integer.TYPE) + " " + same(new Interning().getClass(), Interning.class) + " " + same(new int[1].getClass(), new int[5].getClass()) + " " + same(Thread.State.valueOf("NEW"), Thread.State.NEW));
        String[] many = new String[1000];
        for (int i = 0; i < many.length; i++) many[i] = ("key" + i).intern();
        System.gc();
        int kept = 0;
        for (int i = 0; i < many.length; i++) if (same(many[i], new StringBuilder("key").append(i).toString().intern())) kept++;
        System.out.println(kept);
        switch (NOT_CONSTANT) {
            case CONSTANT -> System.out.println("equal by value");
            default -> System.out.println("not equal");
        }
        System.out.println(same(Interning.class.getName(), Interning.class.getName()) + " " + same("Interning", Interning.class.getName()) + " " + "\u0000".length() + same("\ud800", "\ud800") + "\ud800".length());
    }
}
