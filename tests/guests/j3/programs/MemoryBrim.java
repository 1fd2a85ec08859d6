// jvm: -Xmx16m -XX:+UseSerialGC
// stress: 20000
/** All kinds of things are tried when there is no memory left, and must work when there is some again: nothing remembers that there was none. */
import java.util.*;
import java.util.function.*;
public class MemoryBrim {
    interface Action { Object run() throws Throwable; }
    static Object[] hold;
    static Object sink;
    static void fill() {
        hold = null;
        Object[] blocks = new Object[4000];
        int n = 0;
        for (int size = 1 << 16; size >= 16; size >>= 1) {
            try { while (n < blocks.length) { byte[] b = new byte[size]; blocks[n++] = b; } } catch (OutOfMemoryError e) { }
        }
        // the last bytes
        Object[] chain = null;
        try { while (true) { Object[] next = new Object[2]; next[0] = chain; chain = next; } } catch (OutOfMemoryError e) { }
        blocks[0] = chain == null ? blocks[0] : new Object[][] { };
        hold = blocks; 
        sink = chain;
    }
    static class Late1 { static final int[] DATA = new int[100]; static int f() { return DATA.length; } }
    static class Late2 { static final Map<String, Integer> M = new HashMap<>(); static { for (int i = 0; i < 1000; i++) M.put("k" + i, i); } static int f() { return M.size(); } }
    record Point(int x, int y) { }
    enum Color { RED, GREEN }
    enum Shape { ROUND }
    record Pair(Object a, int b) { }
    static int one() { return 1; }
    /** What the library initialises must be initialised before: an initialiser that fails does so for good. */
    static void warm(int x) throws Throwable {
        Supplier<Object> s = () -> String.format("%d %s", x, "y") + x + new Pair("p", x) + new Pair("q", x).hashCode() + Shape.valueOf("ROUND");
        s.get();
        java.lang.reflect.Proxy.newProxyInstance(MemoryBrim.class.getClassLoader(), new Class<?>[] { Comparable.class }, (p, m, a) -> 0).hashCode();
        java.util.stream.IntStream.range(0, 10).boxed().toList().hashCode();
        MemoryBrim.class.getDeclaredMethod("one").invoke(null);
        Class.forName("java.util.concurrent.Exchanger");
        Thread t = new Thread(() -> { });
        t.start();
        t.join();
        try { Object o = null; o.hashCode(); } catch (NullPointerException e) { e.getMessage(); }
        try { Object o = x; ((String) o).length(); } catch (ClassCastException e) { e.getMessage(); }
        ("w" + x).intern();
        new java.lang.ref.WeakReference<Object>(new Throwable().getStackTrace());
    }
    public static void main(String[] args) throws Throwable {
        int x = args.length;
        warm(x);
        LinkedHashMap<String, Action> actions = new LinkedHashMap<>();
        actions.put("concat", () -> "a" + x + "b");
        actions.put("lambda", () -> { Supplier<Object> s = () -> new int[1000]; return s.get(); });
        actions.put("npe", () -> { try { Object[] o = null; return o[0]; } catch (NullPointerException e) { return e; } });
        actions.put("bounds", () -> { try { return new int[1][5]; } catch (ArrayIndexOutOfBoundsException e) { return e; } });
        actions.put("cast", () -> { try { Object o = "s"; return (Integer) o; } catch (ClassCastException e) { return e.getMessage(); } });
        actions.put("divide", () -> { try { return 1 / x; } catch (ArithmeticException e) { return e.getStackTrace().length; } });
        actions.put("overflow", () -> { try { return deep(0); } catch (StackOverflowError e) { return e; } });
        actions.put("load", () -> Late1.f());
        actions.put("load2", () -> { try { return Late2.f(); } catch (ExceptionInInitializerError | NoClassDefFoundError e) { return e; } });
        actions.put("forName", () -> Class.forName("java.util.concurrent.Phaser").getName());
        actions.put("reflect", () -> MemoryBrim.class.getDeclaredMethods().length);
        actions.put("invoke", () -> MemoryBrim.class.getDeclaredMethod("two").invoke(null));
        actions.put("thread", () -> { Thread t = new Thread(() -> sink = null); t.start(); t.join(); return t; });
        actions.put("monitor", () -> { synchronized (MemoryBrim.class) { MemoryBrim.class.wait(1); } return null; });
        actions.put("record", () -> new Point(1, 2).toString() + new Point(1, 2).hashCode());
        actions.put("enum", () -> Color.valueOf("RED").name() + Color.values().length);
        actions.put("stream", () -> java.util.stream.IntStream.range(0, 100).boxed().toList().size());
        actions.put("format", () -> String.format("%d %s", 5, "x"));
        actions.put("clone", () -> new int[2000].clone());
        actions.put("multi", () -> new int[10][10][10]);
        actions.put("print", () -> { System.out.print(""); return null; });
        actions.put("gc", () -> { System.gc(); return null; });
        actions.put("hash", () -> new Object().hashCode());
        actions.put("intern", () -> ("z" + x).intern());
        actions.put("stack", () -> new Throwable().getStackTrace().length);
        actions.put("weak", () -> new java.lang.ref.WeakReference<Object>(new Object()));
        actions.put("proxy", () -> java.lang.reflect.Proxy.newProxyInstance(MemoryBrim.class.getClassLoader(), new Class<?>[] { Runnable.class }, (p, m, a) -> null));
        actions.put("properties", () -> System.getProperty("java.version"));
        actions.put("time", () -> System.nanoTime());
        int ok = 0, failed = 0;
        String[] names = actions.keySet().toArray(new String[0]);
        for (int i = 0; i < names.length; i++) {
            Action action = actions.get(names[i]);
            fill();
            try { sink = action.run(); ok++; }
            catch (OutOfMemoryError e) { failed++; }
            catch (Throwable e) { System.out.println(names[i] + " " + e); }
        }
        hold = null; sink = null;
        System.out.println(ok + failed > 20);
        // Everything works afterwards.
        int works = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals("load2") || names[i].equals("divide")) continue;
            try { actions.get(names[i]).run(); works++; } catch (Throwable t) { System.out.println(names[i] + " " + t); t.printStackTrace(); }
        }
        System.out.println(works == names.length - 2 ? "works" : "broken");
    }
    static int two() { return 2; }
    static int deep(int n) { return n + deep(n + 1) + 1; }
}
