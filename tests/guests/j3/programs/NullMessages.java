import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Supplier;

/** One null dereference per method, and how the exceptions word it. */
public class NullMessages {
    int number;
    long large;
    String text;
    NullMessages next;
    NullMessages[] others;
    int[][] grid;
    static String shared;
    static NullMessages head = new NullMessages();
    static int[] counts;
    static long[] longs;
    static Object[] objects = new Object[4];

    static <T> T none() { return null; }
    static String word(int i) { return null; }
    NullMessages self() { return null; }
    String both(String a, StringBuilder b, Object c, int[] d, String[] e, long f) { return null; }
    static int two() { return 2; }

    static int s00() { String s = null; return s.length(); }
    static int s01(String s) { return s.length(); }
    int s02() { return text.length(); }
    int s03() { return next.number; }
    int s04() { return next.next.number; }
    int s05() { return others[3].number; }
    int s06(int i) { return others[i].number; }
    static int s07() { return counts[1]; }
    static void s08() { counts[1] = 2; }
    static void s09() { longs[two()] = 2; }
    static long s10() { return longs[0]; }
    static int s11() { return counts.length; }
    static void s12() { throw null; }
    static void s13() { RuntimeException e = null; throw e; }
    static void s14() { synchronized (shared) { head = null; } }
    void s15() { next.number = 1; }
    void s16() { next.large = 1; }
    static int s17() { return shared.length(); }
    static int s18() { return word(1).length(); }
    static String s19() { return head.self().text; }
    int s20() { return self().others.length; }
    static Object s21() { return head.next.next.next.text; }
    static int s22() { return ((String) objects[1]).length(); }
    static int s23() { return objects[two()].hashCode(); }
    static int s24(int i) { return objects[i + 1 - 1].hashCode(); }
    static int s25() { return head.grid[1][2]; }
    static void s26() { head.grid = new int[2][]; head.grid[1][0] = 3; }
    static byte s27() { byte[] b = null; return b[0]; }
    static boolean s28() { boolean[] b = null; return b[0]; }
    static char s29() { char[] b = null; return b[0]; }
    static short s30() { short[] b = null; return b[0]; }
    static float s31() { float[] b = null; return b[0]; }
    static double s32() { double[] b = null; return b[0]; }
    static Object s33() { Object[] b = null; return b[0]; }
    static void s34() { byte[] b = null; b[0] = 1; }
    static void s35() { char[] b = null; b[0] = 1; }
    static void s36() { short[] b = null; b[0] = 1; }
    static void s37() { float[] b = null; b[0] = 1; }
    static void s38() { double[] b = null; b[0] = 1; }
    static void s39() { Object[] b = null; b[0] = "x"; }
    static int s40() { Integer i = null; return i; }
    static int s41(List<String> list) { return list.size(); }
    static Object s42() { Supplier<String> made = null; return made.get(); }
    static String s43() { return head.self().both("", null, null, null, null, 1L); }
    static void s44() { new NullPointerException().getMessage(); throw new NullPointerException(); }
    static Object s45() { int[] a = null; return a.clone(); }
    static Object s46(boolean b) { return (b ? shared : word(2)).trim(); }
    static Object s47(String s) { s = null; return s.trim(); }
    static Object s48(long a, String s, double d, String t) { return t.trim(); }
    static Object s49() { try { throw new RuntimeException("x"); } catch (RuntimeException e) { return e.getMessage().substring(word(1).length()); } }
    static Object s50() { int i = 0; String s = null; while (i < 3) { i++; s = shared; } return s.trim(); }
    static Object s51() { String[][] a = new String[2][2]; return a[0][1].trim(); }
    static Object s52() { String[] a = { null }; int i = 0; return a[i++].trim(); }
    static Object s53() { String[] a = { null }; byte i = 0; return a[(byte) i].trim(); }
    static Object s54() { String[] a = { null }; int i = 0; return a[-i].trim(); }
    static Object s55() { return NullMessages.<String>none().trim(); }
    static Object s56() { String a; String b; a = b = null; return a.concat(b); }
    static Object s57() { switch (word(0)) { case "a": return 1; default: return 2; } }
    static Object s58() { for (String s : NullMessages.<List<String>>none()) return s; return 1; }
    static Object s59() { return "x".concat(shared.trim()); }
    static Object s60() { objects[0] = new int[300]; int[] a = (int[]) objects[0]; NullMessages[] n = new NullMessages[200]; return n[a[150]].text; }
    static Object s61() { NullMessages[] n = new NullMessages[200]; return n[counts == null ? 1 : 2].text; }
    static Object s62() { String s = null; Object o = s; return ((String) o).trim(); }
    static Object s63() { NullMessages n = head; n.next = n; try { return n.next.next.next.next.next.text.trim(); } finally { n.next = null; } }
    static Object s64() { NullMessages n = null; n.number++; return n; }
    static Object s65() { NullMessages n = null; n.number += 2; return n; }
    static Object s66() { long[] a = null; a[0]++; return a; }
    static Object s67() { String a01 = "", a02 = "", a03 = "", a04 = null; return a04.trim(); }
    static Object s68(Object lock) { synchronized (lock) { return lock; } }
    static Object s69(NullMessages n) { return n.new Inner(); }
    static Object s70() { Runnable r = shared::trim; return r; }
    static Object s71() { Thread.State t = null; switch (t) { case NEW: return 1; default: return 2; } }
    static Object s72() { assert two() == 2; return shared.isEmpty() ? shared : null; }
    static Object s73() { List<Object[]> l = new java.util.ArrayList<>(); l.add(null); return l.get(0)[1]; }
    static Object s74() { Object o = null; return o.toString().trim(); }
    static int s75() { return head.others.length; }
    static Object s76() { double a = 1; String s = null; long b = 2; return s.trim(); }
    class Inner { }

    static Object argument(Class<?> type) {
        if (type == int.class) return 1;
        if (type == long.class) return 1L;
        if (type == double.class) return 1.0;
        if (type == boolean.class) return true;
        return null;
    }

    public static void main(String[] args) throws Exception {
        for (int i = 0; ; i++) {
            String name = "s" + i / 10 + i % 10;
            Method method = null;
            for (Method each : NullMessages.class.getDeclaredMethods()) if (each.getName().equals(name)) method = each;
            if (method == null) return;
            head = new NullMessages();
            Class<?>[] types = method.getParameterTypes();
            Object[] values = new Object[types.length];
            for (int k = 0; k < types.length; k++) values[k] = argument(types[k]);
            NullMessages receiver = new NullMessages();
            receiver.others = i == 5 || i == 6 ? new NullMessages[8] : null;
            if (i == 4) receiver.next = new NullMessages();
            if (i == 21) head.next = new NullMessages();
            try {
                method.invoke(receiver, values);
                System.out.println(name + " nothing");
            } catch (java.lang.reflect.InvocationTargetException e) {
                System.out.println(name + " " + e.getCause() + " " + e.getCause().getStackTrace()[0]);
            }
        }
    }
}
