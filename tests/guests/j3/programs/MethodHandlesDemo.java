/** Method handles: lookups of all kinds, exact and generic invocation, combinators, wrong types, handles to fields and arrays. */
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.WrongMethodTypeException;
import java.util.Arrays;
import java.util.List;

public class MethodHandlesDemo {
    private int field = 3;
    static String last = "none";
    MethodHandlesDemo() { }
    MethodHandlesDemo(int f) { field = f; }
    int scale(int by) { return field * by; }
    private long hidden(double d, byte b) { return (long) d + b + field; }
    static String join(String a, int b, Object... rest) { return a + b + Arrays.toString(rest); }
    static boolean even(int x) { return x % 2 == 0; }
    static String yes(int x) { return x + " yes"; }
    static String no(int x) { return x + " no"; }
    static int failing(int x) { throw new IllegalStateException("x" + x); }
    static int recovered(IllegalStateException e, int x) { return -x; }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle scale = lookup.findVirtual(MethodHandlesDemo.class, "scale", MethodType.methodType(int.class, int.class));
        MethodHandlesDemo self = (MethodHandlesDemo) lookup.findConstructor(MethodHandlesDemo.class, MethodType.methodType(void.class, int.class)).invokeExact(7);
        int exact = (int) scale.invokeExact(self, 6);
        Object boxed = scale.invoke(self, (short) 5);
        MethodHandle bound = scale.bindTo(self);
        System.out.println(exact + " " + boxed + " " + (int) bound.invokeExact(2) + " " + scale.type() + " " + bound.invokeWithArguments(9));
        MethodHandle hidden = lookup.findVirtual(MethodHandlesDemo.class, "hidden", MethodType.fromMethodDescriptorString("(DB)J", null));
        System.out.println((long) hidden.invokeExact(self, 2.9, (byte) -1));
        MethodHandle join = lookup.findStatic(MethodHandlesDemo.class, "join", MethodType.methodType(String.class, String.class, int.class, Object[].class));
        System.out.println(join.invoke("a", 1) + " " + join.invoke("b", 2, "x", 3.5) + " " + join.isVarargsCollector() + " " + join.asFixedArity().invoke("c", 3, new Object[] {1}));
        MethodHandle getter = lookup.findGetter(MethodHandlesDemo.class, "field", int.class), setter = lookup.findStaticSetter(MethodHandlesDemo.class, "last", String.class);
        setter.invokeExact("set");
        System.out.println((int) getter.invokeExact(self) + " " + last);
        MethodHandle concat = lookup.findVirtual(String.class, "concat", MethodType.methodType(String.class, String.class));
        MethodHandle swapped = MethodHandles.permuteArguments(concat, MethodType.methodType(String.class, String.class, String.class), 1, 0);
        MethodHandle trimmed = MethodHandles.filterReturnValue(swapped, lookup.findVirtual(String.class, "length", MethodType.methodType(int.class)));
        System.out.println((String) swapped.invokeExact("1", "2") + " " + (int) trimmed.invokeExact("abc", "de") + " " + MethodHandles.insertArguments(concat, 1, "!").invoke("hey") + " " + MethodHandles.dropArguments(concat, 0, int.class).invoke(0, "p", "q"));
        MethodHandle choose = MethodHandles.guardWithTest(lookup.findStatic(MethodHandlesDemo.class, "even", MethodType.methodType(boolean.class, int.class)),
            lookup.findStatic(MethodHandlesDemo.class, "yes", MethodType.methodType(String.class, int.class)), lookup.findStatic(MethodHandlesDemo.class, "no", MethodType.methodType(String.class, int.class)));
        MethodHandle safe = MethodHandles.catchException(lookup.findStatic(MethodHandlesDemo.class, "failing", MethodType.methodType(int.class, int.class)), IllegalStateException.class,
            lookup.findStatic(MethodHandlesDemo.class, "recovered", MethodType.methodType(int.class, IllegalStateException.class, int.class)));
        System.out.println(choose.invoke(4) + " " + choose.invoke(5) + " " + (int) safe.invokeExact(8));
        MethodHandle element = MethodHandles.arrayElementGetter(double[].class), spread = lookup.findStatic(Math.class, "max", MethodType.methodType(int.class, int.class, int.class)).asSpreader(Object[].class, 2);
        System.out.println((double) element.invokeExact(new double[] {1, 2.5}, 1) + " " + spread.invoke(new Object[] {3, 9}) + " " + MethodHandles.constant(String.class, "const").invoke() + " " + MethodHandles.identity(long.class).invoke(5));
        MethodHandle folded = MethodHandles.foldArguments(concat.asType(MethodType.methodType(Object.class, String.class, String.class)), MethodHandles.insertArguments(concat, 1, "+").asType(MethodType.methodType(String.class, String.class)));
        MethodHandle list = lookup.findStatic(List.class, "of", MethodType.methodType(List.class, Object[].class)).asCollector(Object[].class, 3);
        System.out.println(folded.invoke("f") + " " + list.invoke(1, "2", '3') + " " + lookup.unreflect(String.class.getMethod("isEmpty")).invoke("") + " " + lookup.findSpecial(Object.class, "toString", MethodType.methodType(String.class), MethodHandlesDemo.class).invoke(self).toString().startsWith("MethodHandlesDemo@"));
        MethodHandle loop = MethodHandles.countedLoop(MethodHandles.constant(int.class, 5), MethodHandles.constant(int.class, 1), MethodHandles.dropArguments(MethodHandles.insertArguments(lookup.findStatic(Math.class, "addExact", MethodType.methodType(int.class, int.class, int.class)), 1, 10), 1, int.class));
        System.out.println(loop.invoke());
        try {
            Object wrong = scale.invokeExact(self, 6);
        } catch (WrongMethodTypeException e) {
            System.out.println(e.getMessage());
        }
        try {
            scale.invoke(self, "text");
        } catch (WrongMethodTypeException | ClassCastException e) {
            System.out.println(e.getClass().getSimpleName());
        }
        try {
            lookup.findVirtual(String.class, "noSuch", MethodType.methodType(void.class));
        } catch (NoSuchMethodException e) {
            System.out.println(e.getMessage());
        }
        try {
            MethodHandles.publicLookup().findVirtual(MethodHandlesDemo.class, "hidden", MethodType.methodType(long.class, double.class, byte.class));
        } catch (IllegalAccessException | NoSuchMethodException e) {
            System.out.println(e.getClass().getSimpleName());
        }
    }
}
