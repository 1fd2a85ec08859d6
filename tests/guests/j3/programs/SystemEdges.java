import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
import java.util.stream.*;

/** What the library asks the virtual machine about itself: properties, modules, packages, stacks, threads. */
public class SystemEdges {
    interface Step { Object run() throws Throwable; }
    static void show(String label, Step step) {
        try {
            Object o = step.run();
            System.out.println(label + ": " + (o instanceof Object[] a ? Arrays.deepToString(a) : o));
        } catch (Throwable t) {
            System.out.println(label + " threw " + t + (t.getCause() == null ? "" : " because " + t.getCause()));
        }
    }

    public static void main(String[] args) throws Throwable {
        properties();
        modules();
        walking();
        threads();
        identity();
    }

    static void properties() {
        for (String name : new String[] {"os.name", "os.arch", "file.separator", "path.separator", "line.separator", "java.vm.specification.version",
            "java.specification.version", "java.version", "java.home", "java.class.version", "user.name", "user.home", "java.io.tmpdir",
            "sun.arch.data.model", "java.class.path", "java.vendor", "file.encoding", "native.encoding", "sun.jnu.encoding", "user.language",
            "user.country", "java.vm.specification.vendor", "java.runtime.version", "java.vm.version", "sun.cpu.endian", "user.timezone", "jdk.debug",
            "java.vm.specification.name", "java.version.date", "java.runtime.name", "sun.management.compiler", "java.specification.name"})
            if (!name.equals("sun.management.compiler")) System.out.println(name + "=" + System.getProperty(name));
        System.out.println(Runtime.version() + " " + Runtime.version().feature());
        System.out.println(TimeZone.getDefault().getID() + " " + Locale.getDefault() + " " + java.nio.charset.Charset.defaultCharset());
        System.out.println(System.getenv("HOME") + " " + System.getenv("NO_SUCH_VARIABLE") + " " + System.getenv().containsKey("PATH"));
        System.out.println(System.mapLibraryName("x") + " " + System.lineSeparator().length());
        show("load missing", () -> { try { System.loadLibrary("nosuchlibrary"); return 1; } catch (UnsatisfiedLinkError e) { return e.getMessage().replaceAll(": .*", ""); } });
        show("load relative", () -> { System.load("nosuchlibrary.so"); return 1; });
        show("load absent", () -> { System.load("/nosuchlibrary.so"); return 1; });
        show("null library", () -> { System.loadLibrary(null); return 1; });
        show("native", () -> { missing(1, "x"); return 1; });
    }
    static native int missing(int a, String b);

    static void modules() {
        Module base = Object.class.getModule();
        System.out.println(base + " " + base.isNamed() + base.isOpen("java.lang") + base.isExported("java.lang") + base.isExported("sun.misc")
            + base.isExported("jdk.internal.misc") + base.canRead(SystemEdges.class.getModule()));
        System.out.println(ModuleLayer.boot().modules().size() + " " + ModuleLayer.boot().findModule("java.sql").map(Module::getName) + " "
            + ModuleLayer.boot().modules().stream().map(Module::getName).sorted().collect(Collectors.joining(",")));
        System.out.println(new TreeSet<>(base.getPackages()).size() + " " + base.getDescriptor().rawVersion());
        System.out.println(java.sql.Connection.class.getModule() + " " + java.sql.Connection.class.getClassLoader().getClass());
        System.out.println(String.class.getPackage() + " " + String.class.getPackage().getImplementationTitle() + " " + Package.getPackage("java.util"));
        System.out.println(ClassLoader.getSystemClassLoader().getName() + " " + ClassLoader.getPlatformClassLoader().getName() + " "
            + ClassLoader.getSystemClassLoader().getParent().getName());
        System.out.println(String.class.getResource("String.class") + " " + String.class.getResource("nothing"));
        show("resource", () -> { try (var in = Object.class.getResourceAsStream("Object.class")) { byte[] b = in.readNBytes(4); return Arrays.toString(b); } });
        show("sql resource", () -> { try (var in = java.sql.Connection.class.getResourceAsStream("Connection.class")) { return in.readNBytes(2)[0]; } });
        show("system resource", () -> ClassLoader.getSystemResource("java/lang/Object.class"));
        show("internal", () -> { try { return Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe").invoke(null); } catch (IllegalAccessException e) { return e.getMessage().replaceAll("@.*", ""); } });
        show("jrt", () -> java.nio.file.Files.size(java.nio.file.Path.of(java.net.URI.create("jrt:/java.base/java/lang/Object.class"))));
        show("providers", () -> java.security.Security.getProviders().length > 5);
        show("charsets", () -> java.nio.charset.Charset.isSupported("EUC-JP"));
    }

    static String frames(Stream<StackFrame> s) {
        return s.map(f -> f.getClassName() + "." + f.getMethodName() + ":" + f.getDescriptor() + (f.isNativeMethod() ? "native" : "")).collect(Collectors.joining(" "));
    }
    static Object recurse(int n, Supplier<Object> s) { return n == 0 ? s.get() : recurse(n - 1, s); }
    static class Ask { static Class<?> who() { return StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass(); } }

    static void walking() throws Exception {
        StackWalker plain = StackWalker.getInstance();
        StackWalker full = StackWalker.getInstance(Set.of(Option.RETAIN_CLASS_REFERENCE, Option.SHOW_REFLECT_FRAMES));
        System.out.println((Object) plain.walk(SystemEdges::frames));
        System.out.println(recurse(100, () -> plain.walk(Stream::count)));
        System.out.println(recurse(300, () -> plain.walk(s -> s.skip(250).limit(3).map(StackFrame::getLineNumber).toList())));
        System.out.println((Object) full.walk(s -> s.map(f -> f.getDeclaringClass() + " " + f.getMethodType() + " " + f.getByteCodeIndex()).toList()));
        show("no class", () -> plain.walk(s -> s.findFirst().get().getDeclaringClass()));
        show("no caller", () -> plain.getCallerClass());
        System.out.println(Ask.who() + " " + recurse(3, () -> Ask.who()));
        var method = SystemEdges.class.getDeclaredMethod("viaReflection");
        System.out.println(method.invoke(null));
        show("toString", () -> plain.walk(s -> s.limit(2).map(Object::toString).toList()));
        new SystemEdges().each();
        Thread t = new Thread(() -> System.out.println((Object) plain.walk(SystemEdges::frames)), "walker");
        t.start();
        t.join();
        show("throw inside", () -> plain.walk(s -> { throw new IllegalStateException("in walk"); }));
        show("kept", () -> plain.walk(s -> s).count());
    }
    static String viaReflection() {
        return StackWalker.getInstance(Option.SHOW_REFLECT_FRAMES).walk(s -> s.map(StackFrame::getMethodName).limit(4).toList()).toString()
            + StackWalker.getInstance().walk(s -> s.map(StackFrame::getMethodName).toList());
    }
    void each() { StackWalker.getInstance().forEach(f -> System.out.print(f.getMethodName() + ":" + f.getLineNumber() + " ")); System.out.println(); }

    static void threads() throws Exception {
        Thread main = Thread.currentThread();
        System.out.println(main + " " + main.getState() + main.isDaemon() + main.isAlive() + main.getThreadGroup().getParent().getName() + " " + Thread.activeCount());
        CountDownLatch ready = new CountDownLatch(1);
        Object lock = new Object();
        Thread waiting = new Thread(() -> { synchronized (lock) { ready.countDown(); try { lock.wait(); } catch (InterruptedException e) { System.out.println("interrupted " + Thread.interrupted()); } } }, "waiting");
        System.out.println(waiting.getState() + " " + waiting.getStackTrace().length);
        waiting.start();
        ready.await();
        while (waiting.getState() != Thread.State.WAITING) Thread.sleep(1);
        System.out.println(Arrays.toString(waiting.getStackTrace()).replaceAll("Lambda.[0-9]+.0x[0-9a-f]+", "Lambda"));
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        System.out.println(all.containsKey(waiting) + " " + all.containsKey(main) + " " + all.get(main)[all.get(main).length - 1].getMethodName());
        show("start twice", () -> { waiting.start(); return 1; });
        waiting.interrupt();
        waiting.join();
        System.out.println(waiting.getState() + " " + waiting.isAlive() + waiting.getStackTrace().length);
        show("start after end", () -> { waiting.start(); return 1; });
        show("small stack", () -> { Thread s = new Thread(null, () -> { }, "small", 1); s.start(); s.join(); return s.getState(); });
        ThreadGroup group = new ThreadGroup("group");
        Thread inGroup = new Thread(group, () -> { throw new RuntimeException("quiet"); }, "in group");
        inGroup.setUncaughtExceptionHandler((t, e) -> System.out.println(t + " " + e));
        inGroup.setPriority(7);
        inGroup.start();
        inGroup.join();
        System.out.println(group.activeCount() + " " + inGroup.getPriority() + " " + inGroup.getThreadGroup());
    }

    static void identity() {
        System.out.println("ab".intern() == "a".concat("b").intern());
        System.out.println(new String("zz").intern() == "zz");
        Object o = new Object();
        System.out.println((o.hashCode() == System.identityHashCode(o)) + " " + System.identityHashCode(null));
        System.out.println(ProcessHandle.current().pid() > 1);
        Runtime r = Runtime.getRuntime();
        System.out.println((r.totalMemory() <= r.maxMemory()) + " " + (r.freeMemory() <= r.totalMemory()) + " " + (r.availableProcessors() > 0));
        System.gc();
        long before = System.nanoTime();
        System.out.println((System.nanoTime() >= before) + " " + (System.currentTimeMillis() > 1600000000000L));
    }
}
