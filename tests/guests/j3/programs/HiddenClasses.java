/** Hidden classes with and without nest and class data, Lookup.defineClass, and what class loaders refuse to define. */
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntSupplier;

public class HiddenClasses {
    interface Action { Object get() throws Throwable; }

    static class Mine extends ClassLoader {
        Mine(ClassLoader parent) { super("mine", parent); }
        Class<?> define(String name, byte[] bytes) { return defineClass(name, bytes, 0, bytes.length); }
        Class<?> define(String name, ByteBuffer bytes) { return defineClass(name, bytes, null); }
        Class<?> outOfBounds() { return defineClass("X", new byte[3], 2, 5); }
        Class<?> loaded(String name) { return findLoadedClass(name); }
        @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals("Thrower")) throw new RuntimeException("from findClass");
            return super.findClass(name);
        }
    }

    static void show(String name, Action action) {
        String text;
        try {
            text = ": " + action.get();
        } catch (Throwable e) {
            text = " -> " + e + (e.getCause() == null ? "" : " / " + e.getCause());
        }
        System.out.println(name + text.replaceAll("@[0-9a-f]+", "@").replaceAll("/0x[0-9a-f]+", "/x"));
    }

    static byte[] bytesOf(String name) throws Exception {
        try (InputStream in = HiddenClasses.class.getResourceAsStream("/" + name + ".class")) {
            return in.readAllBytes();
        }
    }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodType number = MethodType.methodType(int.class);
        byte[] body = bytesOf("HiddenBody");
        show("nestmate", () -> {
            MethodHandles.Lookup made = lookup.defineHiddenClass(body, true, ClassOption.NESTMATE);
            Class<?> c = made.lookupClass();
            return c.getName() + c.isHidden() + c.getNestHost().getName() + made.findStatic(c, "read", number).invoke();
        });
        show("alone", () -> {
            MethodHandles.Lookup made = lookup.defineHiddenClass(body, false);
            Class<?> c = made.lookupClass();
            return c.getSimpleName() + c.getNestHost().getName() + made.findStatic(c, "read", number).invoke();
        });
        show("data", () -> {
            MethodHandles.Lookup made = lookup.defineHiddenClassWithClassData(body, List.of(1, "two"), true);
            return MethodHandles.classData(made, "_", List.class) + " " + MethodHandles.classDataAt(made, "_", String.class, 1);
        });
        show("data of another type", () -> {
            MethodHandles.Lookup made = lookup.defineHiddenClassWithClassData(body, List.of(1), true);
            return MethodHandles.classData(made, "_", String.class);
        });
        show("data seen inside", () -> {
            MethodHandles.Lookup made =
                lookup.defineHiddenClassWithClassData(body, "inside", true, ClassOption.NESTMATE, ClassOption.STRONG);
            return made.findStatic(made.lookupClass(), "data", MethodType.methodType(Object.class)).invoke();
        });
        show("no data", () -> MethodHandles.classData(lookup, "_", Object.class));
        show("defined", () -> lookup.defineClass(bytesOf("HiddenOther")));
        show("defined again", () -> lookup.defineClass(bytesOf("HiddenOther")));
        show("no class file", () -> lookup.defineClass(new byte[] {1, 2, 3, 4, 5}));
        byte[] future = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 99};
        show("from the future", () -> lookup.defineHiddenClass(future, true));

        Mine mine = new Mine(HiddenClasses.class.getClassLoader());
        show("loader", () -> mine.define("HiddenOther", bytesOf("HiddenOther")) + " " + mine.loaded("HiddenOther") + " "
            + mine.loaded("HiddenBody") + " " + (mine.loaded("HiddenOther") == HiddenOther.class));
        show("twice", () -> mine.define("HiddenOther", bytesOf("HiddenOther")));
        show("wrong name", () -> mine.define("Zork", bytesOf("HiddenBody")));
        show("any name", () -> mine.define(null, bytesOf("HiddenBody")));
        show("java package", () -> mine.define("java.lang.Foo", bytesOf("HiddenBody")));
        show("illegal name", () -> mine.define("a/b", bytesOf("HiddenBody")));
        show("truncated", () -> new Mine(null).define("HiddenBody", Arrays.copyOf(body, body.length - 5)));
        show("outside the array", () -> new Mine(null).outOfBounds());
        show("direct buffer", () -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(10000);
            buffer.put(bytesOf("HiddenBody"));
            buffer.flip();
            return new Mine(null).define("HiddenBody", buffer);
        });
        show("findClass throws", () -> Class.forName("Thrower", true, mine));
        show("not found", () -> Class.forName("Nope", true, mine));
        show("arrays", () -> Class.forName("[LHiddenOther;", true, mine).getComponentType() + " " + Class.forName("[[I"));
        show("bootstrap", () -> Class.forName("java.lang.String", true, null) + " " + new Mine(null).loadClass("java.util.List"));
        show("not in bootstrap", () -> Class.forName("HiddenOther", true, null));

        // Several threads link the same call sites.
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Set<String> results = new HashSet<>();
        List<Future<String>> futures = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            futures.add(pool.submit(() -> {
                StringBuilder text = new StringBuilder();
                for (int j = 0; j < 20; j++) {
                    int k = j;
                    IntSupplier twice = () -> k * 2;
                    text.append(twice.getAsInt()).append("," + k + (char) ('a' + k));
                }
                return text.toString();
            }));
        }
        for (Future<String> future1 : futures) results.add(future1.get());
        pool.shutdown();
        System.out.println(results.size() + " " + (printer(1).getClass() == printer(2).getClass()) + " "
            + printer(3).getClass().isHidden() + printer(4).getClass().isSynthetic());
        // Frames of hidden classes and lambda forms are not shown.
        try {
            lookup.findStatic(HiddenClasses.class, "fail", MethodType.methodType(void.class, int.class)).invoke(4);
        } catch (RuntimeException e) {
            for (StackTraceElement element : e.getStackTrace()) System.out.println(element);
        }
        try {
            ((Runnable) () -> fail(5)).run();
        } catch (RuntimeException e) {
            for (StackTraceElement element : e.getStackTrace()) System.out.println(element);
        }
    }

    static void fail(int i) { throw new RuntimeException("failed " + i); }

    static Runnable printer(int i) { return () -> System.out.println(i); }
}

class HiddenBody {
    static int read() {
        return 1 + new Object() { int two() { return 2; } }.two();
    }

    static Object data() throws Throwable {
        return MethodHandles.classData(MethodHandles.lookup(), "_", Object.class);
    }
}

class HiddenOther { }
