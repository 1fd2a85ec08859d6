/** Method handles of every kind of reference, every combinator, and their failures; VarHandles; call sites that change. */
import java.lang.invoke.*;
import java.util.*;
import java.util.function.*;
import static java.lang.invoke.MethodType.*;
public class MethodHandleKinds {
  interface Shape { double area(); default String d() { return "d:" + area(); } static String st(int x) { return "st" + x; } private String pv() { return "pv" + area(); }
    static MethodHandles.Lookup lk() { return MethodHandles.lookup(); } }
  record Sq(double s) implements Shape { public double area() { return s * s; } }
  static abstract class Abs implements Shape { abstract int foo(int x); final int fin(int x) { return x + 1; } public String toString() { return "Abs"; } }
  static class Con extends Abs { int foo(int x) { return x * 2; } public double area() { return 7; } public String toString() { return "Con/" + super.toString(); }
     static MethodHandle sup() throws Throwable { return MethodHandles.lookup().findSpecial(Abs.class, "toString", methodType(String.class), Con.class); } }
  static int add(int a, int b) { return a + b; }
  static long wide(long a, double b, float c, byte d, short e, char f, boolean g) { return a + (long) b + (long) c + d + e + f + (g ? 1 : 0); }
  static String va(String s, Object... xs) { return s + Arrays.toString(xs); }
  static void boom(String m) { throw new IllegalStateException(m); }
  int fld = 5; static String sf = "static"; final int cst = 9; volatile long vol = 3; static boolean sb = true; byte by = -3; char ch = 'x'; short sh = -7; float fl = 1.5f; double db = 2.5;
  static void p(Object o) {
    System.out.println(o);
  }
  interface Th { Object get() throws Throwable; }
  /** Prints what the expression gives or throws, without identity hashes. */
  static void t(String n, Th th) {
    try {
      p(n + ": " + th.get());
    } catch (Throwable e) {
      p(n + " -> " + e.toString().replaceAll("@[0-9a-f]+", "@"));
    }
  }
  public static void main(String[] a) throws Throwable {
    MethodHandles.Lookup l = MethodHandles.lookup();
    MethodHandle add = l.findStatic(MethodHandleKinds.class, "add", methodType(int.class, int.class, int.class));
    t("add", () -> (int) add.invokeExact(1, 2));
    t("addObj", () -> add.invoke((Object) 1, (Object) (short) 3));
    t("bad", () -> (long) add.invokeExact(1, 2));
    t("wide", () -> (long) l.findStatic(MethodHandleKinds.class, "wide", methodType(long.class, long.class, double.class, float.class, byte.class, short.class, char.class, boolean.class)).invokeExact(1L, 2.0, 3f, (byte) 4, (short) 5, 'a', true));
    t("va", () -> l.findStatic(MethodHandleKinds.class, "va", methodType(String.class, String.class, Object[].class)).invoke("x", 1, 2L, 'c'));
    t("va0", () -> l.findStatic(MethodHandleKinds.class, "va", methodType(String.class, String.class, Object[].class)).invokeWithArguments("x", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    t("iface", () -> (double) l.findVirtual(Shape.class, "area", methodType(double.class)).invokeExact((Shape) new Sq(3)));
    t("ifaceD", () -> (String) l.findVirtual(Shape.class, "d", methodType(String.class)).invoke(new Sq(3)));
    t("ifaceS", () -> l.findStatic(Shape.class, "st", methodType(String.class, int.class)).invoke(4));
    t("ifaceP", () -> Shape.lk().findVirtual(Shape.class, "pv", methodType(String.class)).invoke(new Sq(1)));
    t("ifaceObj", () -> l.findVirtual(Shape.class, "toString", methodType(String.class)).invoke(new Sq(1)));
    t("absIface", () -> (double) l.findVirtual(Abs.class, "area", methodType(double.class)).invoke((Abs) new Con()));
    t("absFoo", () -> (int) l.findVirtual(Abs.class, "foo", methodType(int.class, int.class)).invoke((Abs) new Con(), 4));
    t("absFin", () -> (int) l.findVirtual(Abs.class, "fin", methodType(int.class, int.class)).invoke((Abs) new Con(), 4));
    t("virtObj", () -> l.findVirtual(Object.class, "toString", methodType(String.class)).invoke(new Con()));
    t("hash", () -> l.findVirtual(Object.class, "hashCode", methodType(int.class)).invoke("abc"));
    t("super", () -> Con.sup().invoke(new Con()));
    t("nullrecv", () -> l.findVirtual(Object.class, "toString", methodType(String.class)).invoke((Object) null));
    t("nullrecvI", () -> (double) l.findVirtual(Shape.class, "area", methodType(double.class)).invoke((Shape) null));
    t("ctor", () -> l.findConstructor(Sq.class, methodType(void.class, double.class)).invoke(2.0));
    t("ctor2", () -> l.findConstructor(ArrayList.class, methodType(void.class, Collection.class)).invoke(List.of(1, 2)));
    t("ctorAbs", () -> l.findConstructor(Abs.class, methodType(void.class)).invoke());
    t("nosuch", () -> l.findVirtual(String.class, "zork", methodType(void.class)));
    t("nosuchf", () -> l.findGetter(String.class, "zork", int.class));
    t("private", () -> l.findVirtual(String.class, "isLatin1", methodType(boolean.class)));
    t("staticAsVirtual", () -> l.findVirtual(MethodHandleKinds.class, "add", methodType(int.class, int.class, int.class)));
    t("virtAsStatic", () -> l.findStatic(String.class, "length", methodType(int.class)));
    MethodHandleKinds o = new MethodHandleKinds();
    for (String f : new String[] {"fld", "cst", "vol", "by", "ch", "sh", "fl", "db"}) {
      Class<?> c = MethodHandleKinds.class.getDeclaredField(f).getType();
      t("get " + f, () -> l.findGetter(MethodHandleKinds.class, f, c).invoke(o));
      t("set " + f, () -> { l.findSetter(MethodHandleKinds.class, f, c).asType(methodType(void.class, MethodHandleKinds.class, Object.class)).invoke(o, l.findGetter(MethodHandleKinds.class, f, c).invoke(o)); return l.findGetter(MethodHandleKinds.class, f, c).invoke(o); });
    }
    t("sget", () -> (String) l.findStaticGetter(MethodHandleKinds.class, "sf", String.class).invokeExact());
    t("sset", () -> { l.findStaticSetter(MethodHandleKinds.class, "sf", String.class).invokeExact("new"); l.findStaticSetter(MethodHandleKinds.class, "sb", boolean.class).invokeExact(false); return sf + sb; });
    t("sgetz", () -> (boolean) l.findStaticGetter(MethodHandleKinds.class, "sb", boolean.class).invokeExact());
    t("unreflect", () -> l.unreflect(String.class.getMethod("concat", String.class)).invoke("a", "b"));
    t("unreflectC", () -> l.unreflectConstructor(Sq.class.getDeclaredConstructor(double.class)).invoke(1.0));
    t("unreflectG", () -> l.unreflectGetter(MethodHandleKinds.class.getDeclaredField("fld")).invoke(o));
    t("unreflectInvoke", () -> l.unreflect(MethodHandle.class.getMethod("invokeExact", Object[].class)));
    t("reflInvoke", () -> MethodHandle.class.getMethod("invokeExact", Object[].class).invoke(add, (Object) new Object[] {1, 2}));
    t("reflVH", () -> VarHandle.class.getMethod("get", Object[].class).invoke(MethodHandles.arrayElementVarHandle(int[].class), (Object) new Object[] {1, 2}));
    t("bind", () -> add.bindTo(3).invoke(4));
    t("bindStr", () -> l.bind("hello", "length", methodType(int.class)).invoke());
    t("insert", () -> MethodHandles.insertArguments(add, 1, 10).invoke(4));
    t("drop", () -> MethodHandles.dropArguments(add, 1, String.class, long.class).invoke(4, "z", 5L, 6));
    t("permute", () -> MethodHandles.permuteArguments(l.findVirtual(String.class, "concat", methodType(String.class, String.class)), methodType(String.class, String.class, String.class), 1, 0).invoke("a", "b"));
    t("filter", () -> MethodHandles.filterArguments(add, 0, l.findVirtual(String.class, "length", methodType(int.class))).invoke("four", 1));
    t("filterR", () -> MethodHandles.filterReturnValue(add, l.findStatic(Integer.class, "toHexString", methodType(String.class, int.class))).invoke(250, 5));
    t("fold", () -> MethodHandles.foldArguments(MethodHandles.dropArguments(add, 2, int.class), add.asType(methodType(int.class, int.class, int.class))).invoke(2, 3));
    t("collect", () -> MethodHandles.collectArguments(add, 0, add).invoke(1, 2, 3));
    t("guard", () -> MethodHandles.guardWithTest(l.findVirtual(String.class, "isEmpty", methodType(boolean.class)), MethodHandles.dropArguments(MethodHandles.constant(String.class, "empty"), 0, String.class), MethodHandles.identity(String.class)).invoke(""));
    t("catch", () -> MethodHandles.catchException(l.findStatic(MethodHandleKinds.class, "boom", methodType(void.class, String.class)), RuntimeException.class, MethodHandles.dropArguments(MethodHandles.empty(methodType(void.class)), 0, RuntimeException.class)).invoke("x"));
    t("tryFin", () -> MethodHandles.tryFinally(add, MethodHandles.dropArguments(MethodHandles.identity(int.class), 0, Throwable.class)).invoke(4, 4));
    t("throw", () -> MethodHandles.throwException(int.class, Exception.class).invoke(new Exception("thrown")));
    t("spread", () -> add.asSpreader(Object[].class, 2).invoke(new Object[] {3, 4}));
    t("spreadI", () -> add.asSpreader(int[].class, 2).invoke(new int[] {3, 4}));
    t("spreadBad", () -> add.asSpreader(int[].class, 2).invoke(new int[] {3}));
    t("collector", () -> MethodHandles.identity(int[].class).asCollector(int[].class, 3).invoke(1, 2, 3) instanceof int[] x ? x.length : -1);
    t("counted", () -> MethodHandles.countedLoop(MethodHandles.constant(int.class, 5), MethodHandles.constant(int.class, 1), add).invoke());
    t("iter", () -> MethodHandles.iteratedLoop(null, MethodHandles.constant(int.class, 0), MethodHandles.permuteArguments(add.asType(methodType(int.class, int.class, Integer.class)), methodType(int.class, int.class, Integer.class, List.class), 0, 1)).invoke(List.of(1, 2, 3)));
    t("switchtable", () -> MethodHandles.tableSwitch(MethodHandles.dropArguments(MethodHandles.constant(String.class, "def"), 0, int.class), MethodHandles.dropArguments(MethodHandles.constant(String.class, "zero"), 0, int.class), MethodHandles.dropArguments(MethodHandles.constant(String.class, "one"), 0, int.class)).invoke(1));
    t("array", () -> { int[] q = {1, 2}; MethodHandles.arrayElementSetter(int[].class).invoke(q, 1, 5); return (int) MethodHandles.arrayElementGetter(int[].class).invoke(q, 1) + (int) MethodHandles.arrayLength(int[].class).invoke(q); });
    t("arrayCtor", () -> ((long[]) MethodHandles.arrayConstructor(long[].class).invoke(3)).length);
    t("aioobe", () -> MethodHandles.arrayElementGetter(String[].class).invoke(new String[0], 1));
    t("reveal", () -> l.revealDirect(add));
    t("revealV", () -> l.revealDirect(l.findVirtual(Shape.class, "area", methodType(double.class))));
    t("revealS", () -> { Con c = new Con(); return l.in(Con.class).lookupClass(); });
    t("proxy", () -> { Comparator<Integer> c = MethodHandleProxies.asInterfaceInstance(Comparator.class, l.findStatic(Integer.class, "compare", methodType(int.class, int.class, int.class))); return c.compare(1, 2); });
    t("switchpoint", () -> { SwitchPoint sp = new SwitchPoint(); MethodHandle g = sp.guardWithTest(MethodHandles.constant(int.class, 1), MethodHandles.constant(int.class, 2)); int x = (int) g.invoke(); SwitchPoint.invalidateAll(new SwitchPoint[] {sp}); return x + " " + g.invoke(); });
    t("mcs", () -> { MutableCallSite c = new MutableCallSite(methodType(int.class)); c.setTarget(MethodHandles.constant(int.class, 1)); MethodHandle d = c.dynamicInvoker(); int x = (int) d.invokeExact(); c.setTarget(MethodHandles.constant(int.class, 2)); return x + " " + (int) d.invokeExact(); });
    t("vcs", () -> { VolatileCallSite c = new VolatileCallSite(MethodHandles.constant(int.class, 1)); MethodHandle d = c.dynamicInvoker(); c.setTarget(MethodHandles.constant(int.class, 7)); return (int) d.invokeExact(); });
    t("mcsbad", () -> { new MutableCallSite(methodType(int.class)).dynamicInvoker().invoke(); return 0; });
    t("type", () -> fromMethodDescriptorString("(IJLjava/lang/String;[[D)V", MethodHandleKinds.class.getClassLoader()));
    t("asTypeBad", () -> add.asType(methodType(String.class, int.class, int.class)));
    t("explicit", () -> MethodHandles.explicitCastArguments(add, methodType(byte.class, double.class, Object.class)).invoke(300.7, (Object) 1));
    t("vhInst", () -> { VarHandle v = l.findVarHandle(MethodHandleKinds.class, "vol", long.class); return v.getAndAdd(o, 5L) + " " + v.get(o) + " " + v.toMethodHandle(VarHandle.AccessMode.GET).invoke(o); });
    t("vhFinal", () -> { l.findVarHandle(MethodHandleKinds.class, "cst", int.class).set(o, 1); return 0; });
    t("vhCast", () -> { return (String) l.findVarHandle(MethodHandleKinds.class, "vol", long.class).get(o); });
    t("vhExact", () -> { l.findVarHandle(MethodHandleKinds.class, "vol", long.class).withInvokeExactBehavior().set(o, 1); return 0; });
    t("privateIn", () -> { MethodHandles.Lookup x = MethodHandles.privateLookupIn(Sq.class, l); return x.findGetter(Sq.class, "s", double.class).invoke(new Sq(8)); });
    t("jlStr", () -> MethodHandles.privateLookupIn(String.class, l));
    t("manyargs", () -> MethodHandles.dropArguments(MethodHandles.constant(int.class, 3), 0, Collections.nCopies(250, Object.class)).invokeWithArguments(new Object[250]));
    Function<Object, String> fn = Object::toString; Supplier<List<String>> sup = ArrayList::new; IntFunction<int[]> mk = int[]::new; BiFunction<String, String, Boolean> eq = String::equals;
    p(fn.apply(5) + sup.get() + mk.apply(3).length + eq.apply("a", "a"));
    Runnable r = (Runnable & java.io.Serializable) () -> p("ser"); r.run(); p(r instanceof java.io.Serializable);
    t("enumsw", () -> switch (Thread.State.NEW) { case NEW -> "N"; default -> "?"; });
    t("cls", () -> MethodHandles.lookup().findClass("java.util.Map$Entry"));
    t("classdata", () -> MethodHandles.classData(l, "_", Object.class));
  }
}
