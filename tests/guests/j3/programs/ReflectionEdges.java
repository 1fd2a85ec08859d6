import java.lang.annotation.*;
import java.lang.reflect.*;
import java.util.*;
import java.util.concurrent.Callable;

/** The corners of core reflection: what is refused, with which words, and what classes tell of themselves. */
public class ReflectionEdges {
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE, ElementType.CONSTRUCTOR, ElementType.RECORD_COMPONENT})
    @interface Mark {
        int number() default 7;
        long large() default 1L << 40;
        float single() default 1.5f;
        double twice() default 2.5;
        char letter() default 'x';
        byte small() default -3;
        short mid() default 300;
        boolean yes() default true;
        String text() default "text";
        Class<?> type() default int[].class;
        Thread.State state() default Thread.State.NEW;
        int[] many() default {1, 2};
        Class<?>[] types() default {};
        Other other() default @Other("o");
    }
    @Retention(RetentionPolicy.RUNTIME) @interface Other { String value(); }
    sealed interface Shape permits Circle, Square { default int sides() { return 0; } static String kind() { return "shape"; } }
    record Circle(@Mark(number = 1) int radius, List<String> names) implements Shape { }
    static final class Square implements Shape { public int sides() { return 4; } }

    @Mark(number = 9, types = {String.class, void.class}, other = @Other("p"))
    static abstract class Base<T extends Comparable<T>> implements Callable<T>, java.io.Serializable {
        protected T value;
        private static final int LIMIT = 3;
        static volatile long ticks;
        transient int skipped;
        Base() { }
        protected Base(@Mark int a, String... rest) throws java.io.IOException, IllegalStateException { }
        abstract <U extends Number & Runnable> Map<U, ? super T[]> generic(List<? extends U> list) throws Exception;
        synchronized native void nat();
        static double strict(double d) { return d; }
        private int hidden(byte b, short s, char c, int i, long l, float f, double d, boolean z) {
            return (int) (b + s + c + i + l + f + d + (z ? 1 : 0));
        }
    }
    static class Thrower {
        Thrower() { }
        Thrower(int i) { throw new IllegalArgumentException("ctor " + i); }
        static void fail(String why) throws Exception { throw new Exception(why); }
        static void deep() { throw new StackOverflowError("mine"); }
        public String say(Object o) { return "said " + o; }
        private String own() { return "own"; }
    }
    static class Loud extends Thrower { public String say(Object o) { return "SAID " + o; } }
    static class Bad { static int x = 1 / Integer.parseInt("0"); static void run() { } }
    enum Level { LOW, HIGH { int bonus() { return 2; } }; int bonus() { return 1; } }

    interface Step { Object run() throws Throwable; }
    static void show(String label, Step step) {
        try {
            Object o = step.run();
            System.out.println(label + ": " + (o instanceof Object[] a ? Arrays.deepToString(a) : o));
        } catch (Throwable t) {
            System.out.println(label + " threw " + t + (t.getCause() == null ? "" : " because " + t.getCause()));
        }
    }

    static String[] sorted(Object[] array) {
        String[] texts = new String[array.length];
        for (int i = 0; i < array.length; i++) texts[i] = String.valueOf(array[i]);
        Arrays.sort(texts);
        return texts;
    }

    public static void main(String[] args) throws Throwable {
        invoking();
        arrays();
        classes();
        members();
        annotations();
    }

    static void invoking() throws Exception {
        Method say = Thrower.class.getMethod("say", Object.class);
        Method own = Thrower.class.getDeclaredMethod("own");
        Method fail = Thrower.class.getDeclaredMethod("fail", String.class);
        show("virtual", () -> say.invoke(new Loud(), 3));
        show("private", () -> own.invoke(new Loud()));
        show("null receiver", () -> say.invoke(null, 3));
        show("wrong receiver", () -> say.invoke("x", 3));
        show("no arguments", () -> say.invoke(new Thrower()));
        show("null arguments", () -> own.invoke(new Thrower(), (Object[]) null));
        show("too many", () -> own.invoke(new Thrower(), 1));
        show("thrown", () -> fail.invoke(null, "why"));
        show("mismatch", () -> fail.invoke(null, 5));
        show("error", () -> Thrower.class.getDeclaredMethod("deep").invoke(null));
        show("initialiser", () -> Bad.class.getDeclaredMethod("run").invoke(null));
        show("initialiser again", () -> Bad.class.getDeclaredMethod("run").invoke(null));
        Method wide = Base.class.getDeclaredMethod("hidden", byte.class, short.class, char.class, int.class, long.class, float.class,
            double.class, boolean.class);
        wide.setAccessible(true);
        Base<String> base = new Base<>() {
            <U extends Number & Runnable> Map<U, ? super String[]> generic(List<? extends U> list) { return null; }
            public String call() { return "called"; }
        };
        show("widening", () -> wide.invoke(base, (byte) 1, (byte) 2, 'a', 'b', 5, 6L, 7f, true));
        show("narrowing", () -> wide.invoke(base, 1, (byte) 2, 'a', 'b', 5, 6L, 7f, true));
        show("null primitive", () -> wide.invoke(base, null, (byte) 2, 'a', 'b', 5, 6L, 7f, true));
        show("no number", () -> wide.invoke(base, "1", (byte) 2, 'a', 'b', 5, 6L, 7f, true));
        show("boolean from int", () -> wide.invoke(base, (byte) 1, (byte) 2, 'a', 'b', 5, 6L, 7f, 1));
        show("constructor", () -> Thrower.class.getDeclaredConstructor().newInstance().getClass());
        show("constructor throws", () -> Thrower.class.getDeclaredConstructor(int.class).newInstance(4));
        show("abstract", () -> Base.class.getDeclaredConstructor().newInstance());
        show("enum", () -> Level.class.getDeclaredConstructors()[0].newInstance("X", 3));
        show("void", () -> System.class.getMethod("gc").invoke(null));
        show("interface static", () -> Shape.class.getMethod("kind").invoke(null));
        show("default", () -> Shape.class.getMethod("sides").invoke(new Circle(1, null)));
        show("record accessor", () -> Circle.class.getMethod("radius").invoke(new Circle(5, null)));
        for (int i = 0; i < 40; i++) say.invoke(new Loud(), i);
        show("hot", () -> say.invoke(new Loud(), "hot"));
        show("hot null", () -> say.invoke(null, "hot"));
        Field limit = Base.class.getDeclaredField("LIMIT");
        limit.setAccessible(true);
        show("get static", () -> limit.get(null));
        show("set final", () -> { limit.set(null, 4); return "done"; });
        Field ticks = Base.class.getDeclaredField("ticks");
        show("set long", () -> { ticks.set(null, 4); ticks.setInt(null, 9); return Base.ticks; });
        show("set bad", () -> { ticks.set(null, 4.0); return Base.ticks; });
        Field radius = Circle.class.getDeclaredField("radius");
        radius.setAccessible(true);
        show("record field", () -> { radius.set(new Circle(1, null), 2); return 1; });
    }

    static void arrays() {
        Object ints = Array.newInstance(int.class, 3);
        show("length", () -> Array.getLength(ints));
        show("length of null", () -> Array.getLength(null));
        show("length of other", () -> Array.getLength("x"));
        show("set", () -> { Array.set(ints, 0, (byte) 4); Array.setShort(ints, 1, (short) 5); return Array.get(ints, 0) + " " + Array.getLong(ints, 1); });
        show("set long", () -> { Array.setLong(ints, 0, 4); return 1; });
        show("set object", () -> { Array.set(ints, 0, "x"); return 1; });
        show("set null", () -> { Array.set(ints, 0, null); return 1; });
        show("bounds", () -> Array.get(ints, 3));
        show("bounds", () -> Array.getInt(ints, -1));
        show("wrong get", () -> Array.getShort(ints, 0));
        show("boolean get", () -> Array.getBoolean(ints, 0));
        show("float get", () -> Array.getFloat(ints, 0));
        show("object get", () -> Array.getInt(new Object[1], 0));
        show("strings", () -> { Object[] s = (Object[]) Array.newInstance(String.class, 2); Array.set(s, 1, "b"); return s; });
        show("store", () -> { Array.set(new String[1], 0, 1); return 1; });
        show("negative", () -> Array.newInstance(String.class, -2));
        show("void", () -> Array.newInstance(void.class, 1));
        show("null class", () -> Array.newInstance(null, 1));
        show("multi", () -> (Object[]) Array.newInstance(int.class, 2, 3));
        show("multi class", () -> Array.newInstance(int[].class, 2, 0, 1).getClass());
        show("multi none", () -> Array.newInstance(int.class, new int[0]));
        show("multi negative", () -> Array.newInstance(int.class, 2, -1));
        show("multi many", () -> Array.newInstance(int.class, new int[256]));
        show("multi 255", () -> Array.newInstance(int[].class, new int[255]));
        show("float of long", () -> Array.getFloat(new long[] {Long.MAX_VALUE - 1}, 0));
        show("float of long", () -> Array.getFloat(new long[] {(1L << 60) + (1L << 36) + 1}, 0));
    }

    static void classes() throws Exception {
        class Local { }
        Object anonymous = new Object() { };
        Class<?>[] all = {int.class, void.class, int[].class, String[][].class, String.class, Base.class, Local.class, anonymous.getClass(),
            Level.HIGH.getClass(), Level.class, Mark.class, Shape.class, Circle.class, Map.Entry.class, Local[].class};
        for (Class<?> c : all) {
            System.out.println(c + " | " + c.getName() + " | " + c.getSimpleName() + " | " + c.getTypeName() + " | " + c.getCanonicalName()
                + " | " + c.getPackageName() + " | " + Modifier.toString(c.getModifiers()) + " " + Integer.toHexString(c.getModifiers()));
            System.out.println("  " + c.getSuperclass() + " " + Arrays.toString(c.getInterfaces()) + " " + c.getComponentType() + " "
                + c.getDeclaringClass() + " " + c.getEnclosingClass() + " " + c.getEnclosingMethod() + " " + c.getEnclosingConstructor()
                + " " + c.isLocalClass() + c.isMemberClass() + c.isAnonymousClass() + c.isSynthetic() + c.isHidden() + c.isRecord()
                + c.isSealed() + c.isEnum() + c.isAnnotation() + c.isInterface() + c.isArray() + c.isPrimitive());
            System.out.println("  " + c.getNestHost() + " " + c.getNestMembers().length + " " + Arrays.toString(c.getPermittedSubclasses())
                + " " + c.getModule().isNamed() + " " + (c.getClassLoader() == null) + " " + c.descriptorString() + " " + c.toGenericString());
            System.out.println("  " + Arrays.toString(c.getTypeParameters()) + " " + c.getGenericSuperclass() + " "
                + Arrays.toString(c.getGenericInterfaces()) + " " + Arrays.toString(c.getAnnotations().length > 0 ? new Object[] {c.getAnnotations().length} : new Object[0]));
        }
        System.out.println(Arrays.toString(sorted(ReflectionEdges.class.getDeclaredClasses())));
        System.out.println(Arrays.toString(sorted(ReflectionEdges.class.getNestMembers())));
        for (String name : new String[] {"java.lang.String", "[I", "[Ljava.lang.String;", "[[J", "int", "java/lang/String", "no.Such", "[Lno.Such;",
            "", "[", "[X", "a..b", ".a", "a.", "[Lx", "a;b", "ReflectionEdges$Level", "ReflectionEdges.Level"})
            show("forName " + name, () -> Class.forName(name));
        show("forName null", () -> Class.forName(null));
        show("forName boot", () -> Class.forName("ReflectionEdges", false, null));
        show("forName init", () -> Class.forName("ReflectionEdges$Bad"));
        show("cast", () -> Integer.class.cast("x"));
        show("subclass", () -> String.class.asSubclass(Number.class));
        System.out.println(String.class.getPackage() + " " + ReflectionEdges.class.getPackage() + " " + Object.class.getModule().getDescriptor().name());
        System.out.println(ReflectionEdges.class.getProtectionDomain().getCodeSource() != null);
        System.out.println(ReflectionEdges.class.desiredAssertionStatus() + " " + String.class.desiredAssertionStatus());
        System.out.println(Arrays.toString(Circle.class.getRecordComponents()) + " " + Circle.class.getRecordComponents()[1].getGenericType());
    }

    static void members() throws Exception {
        for (Class<?> c : new Class<?>[] {Base.class, Circle.class, Level.class, Shape.class, Mark.class}) {
            List<String> lines = new ArrayList<>();
            for (Field f : c.getDeclaredFields())
                lines.add(f.toGenericString() + " " + f.isSynthetic() + f.isEnumConstant() + Integer.toHexString(f.getModifiers()));
            for (Method m : c.getDeclaredMethods())
                lines.add(m.toGenericString() + " " + m.isSynthetic() + m.isBridge() + m.isVarArgs() + m.isDefault() + Integer.toHexString(m.getModifiers())
                    + Arrays.toString(m.getParameters()) + Arrays.toString(m.getExceptionTypes()) + (m.getReturnType().isArray() ? "" : m.getDefaultValue()));
            for (Constructor<?> m : c.getDeclaredConstructors())
                lines.add(m.toGenericString() + " " + m.isSynthetic() + m.isVarArgs() + Integer.toHexString(m.getModifiers())
                    + Arrays.toString(m.getParameters()) + Arrays.toString(m.getGenericParameterTypes()));
            Collections.sort(lines);
            for (String line : lines) System.out.println(line);
        }
        System.out.println(Arrays.toString(sorted(Thrower.class.getMethods())));
        show("no method", () -> Thrower.class.getMethod("nothing", int.class));
        show("no field", () -> Thrower.class.getField("nothing"));
        show("no constructor", () -> Thrower.class.getConstructor());
        show("hidden fields", () -> Class.class.getDeclaredField("classLoader"));
        show("access", () -> String.class.getDeclaredField("value").get("x"));
        show("open", () -> { try { String.class.getDeclaredField("value").setAccessible(true); return 1; } catch (InaccessibleObjectException e) { return e.getMessage().replaceAll("@.*", ""); } });
    }

    static void annotations() throws Exception {
        Mark mark = Base.class.getAnnotation(Mark.class);
        System.out.println(mark.number() + " " + mark.small() + mark.letter() + mark.text() + mark.state() + Arrays.toString(mark.types())
            + mark.type() + mark.other() + Arrays.toString(mark.many()) + mark.large() + mark.single() + mark.twice() + mark.mid() + mark.yes());
        System.out.println(Circle.class.getRecordComponents()[0].getAnnotation(Mark.class).number());
        Constructor<?> c = Base.class.getDeclaredConstructor(int.class, String[].class);
        System.out.println(c.getParameters()[0].getAnnotations().length + " " + c.getParameterAnnotations()[0][0].annotationType()
            + " " + c.getAnnotatedParameterTypes()[0].getAnnotations().length);
        System.out.println(Circle.class.getDeclaredField("radius").getAnnotatedType().getAnnotations().length);
        System.out.println(Mark.class.getMethod("other").getDefaultValue() + " " + Mark.class.getMethod("types").getDefaultValue().getClass());
    }
}
