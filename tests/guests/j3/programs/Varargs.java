/** Overload choice and varargs: null arrays, boxing, most specific methods, erased generics, evaluation order. */
public class Varargs {
    static String f(Object o) { return "Object"; }
    static String f(String s) { return "String"; }
    static String f(Integer i) { return "Integer"; }
    static String f(long l) { return "long"; }
    static String f(int... a) { return "int..." + (a == null ? "null" : a.length); }
    static String f(char c) { return "char"; }
    static String g(double d) { return "double"; }
    static String g(Object... o) { return "Object..." + (o == null ? "null" : "" + o.length); }
    static String h(byte b) { return "byte"; }
    static String h(short s) { return "short"; }
    static String h(float f) { return "float"; }

    static int sum(int first, int... rest) {
        int total = first;
        for (int r : rest) total += r;
        return total;
    }

    @SafeVarargs
    static <T> String types(T... items) {
        return items.getClass().getSimpleName() + items.length;
    }

    static StringBuilder trail = new StringBuilder();

    static int mark(int n) {
        trail.append(n).append(' ');
        return n;
    }

    static class Parent {
        String name = "parent";
        String who(Parent p) { return "Parent.who(Parent)"; }
        static String kind() { return "static parent"; }
    }

    static class Child extends Parent {
        String name = "child";
        String who(Child c) { return "Child.who(Child)"; }
        @Override String who(Parent p) { return "Child.who(Parent)"; }
    }

    public static void main(String[] args) {
        byte b = 1;
        char c = 'c';
        System.out.println(f(b) + " " + f(c) + " " + f(1) + " " + f(1L) + " " + f(1.0) + " " + f("s") + " " + f() + " " + f(1, 2) + " " + f((int[]) null) + " " + f((Object) "s"));
        System.out.println(g(1) + " " + g('a') + " " + g("s") + " " + g((Object[]) null) + " " + g((Object) null) + " " + g(1, 2) + " " + g(new int[] {1, 2}) + " " + g((Object[]) new String[] {"a", "b", "c"}));
        System.out.println(h(b) + " " + h((short) 1) + " " + h(1) + " " + h(1L) + " " + h('c'));
        System.out.println(sum(1) + " " + sum(1, 2, 3) + " " + sum(1, new int[] {4, 5}));
        System.out.println(types(1, 2) + " " + types("a") + " " + types() + " " + types(1, "a", 2.0) + " " + types((Object) null));
        int[] a = new int[4];
        int i = 0;
        a[i++] = i++ + i * 2 + ++i;
        a[mark(1)] = mark(2) + mark(3) * mark(4);
        a[i = 2] += i = 3;
        System.out.println(a[0] + " " + a[1] + " " + a[2] + " " + i + " [" + trail + "]");
        int x = 5;
        x = x++ * 2 + x;
        x += x++ + ++x;
        System.out.println(x + " " + (x > 3 || mark(9) > 0) + " " + (x < 3 && mark(10) > 0) + " " + (x > 3 | mark(11) > 0) + trail.length());
        Parent p = new Child();
        Child child = new Child();
        System.out.println(p.name + " " + ((Child) p).name + " " + p.who(child) + " " + child.who(child) + " " + child.who(p) + " " + Child.kind());
        Integer boxed = 1000, same = 1000;
        boxed++;
        System.out.println(boxed + " " + (boxed - 1 == same) + " " + boxed.equals(1001) + " " + boxed.equals(1001L) + " " + (char) (boxed % 26 + 'a') + (boxed > same ? 1 : 'x'));
    }
}
