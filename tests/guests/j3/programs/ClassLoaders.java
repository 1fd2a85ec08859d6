/** Custom class loaders: defineClass from bytes, same name in two loaders, URLClassLoader, delegation, missing classes, resources. */
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

public class ClassLoaders {
    public static class Plugin implements Supplier<String> {
        static int instances;
        public Plugin() { instances++; }
        public String get() { return "plugin " + instances + " " + new Part().name(); }
    }

    static class Part { String name() { return "part of " + (getClass().getClassLoader() == ClassLoaders.class.getClassLoader() ? "app" : "custom"); } }

    static class Redefining extends ClassLoader {
        final List<String> asked = new ArrayList<>();
        Redefining() { super(ClassLoaders.class.getClassLoader()); }

        @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("ClassLoaders$P")) return super.loadClass(name, resolve);
            synchronized (getClassLoadingLock(name)) {
                Class<?> c = findLoadedClass(name);
                if (c != null) return c;
                asked.add(name);
                try (InputStream in = getResourceAsStream(name + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }

        Class<?> define(String name, byte[] bytes) { return defineClass(name, bytes, 0, bytes.length); }
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] args) throws Exception {
        Redefining first = new Redefining(), second = new Redefining();
        Supplier<String> a = (Supplier<String>) first.loadClass("ClassLoaders$Plugin").getDeclaredConstructor().newInstance();
        Supplier<String> b = (Supplier<String>) second.loadClass("ClassLoaders$Plugin").getDeclaredConstructor().newInstance();
        Supplier<String> c = (Supplier<String>) Class.forName("ClassLoaders$Plugin", true, first).getDeclaredConstructor().newInstance();
        System.out.println(new Plugin().get() + "; " + a.get() + "; " + b.get() + "; " + c.get());
        System.out.println((a.getClass() == b.getClass()) + " " + (a.getClass() == c.getClass()) + " " + a.getClass().getName() + " " + (a instanceof Plugin) + " " + first.asked);
        try {
            Plugin p = (Plugin) (Object) a;
        } catch (ClassCastException e) {
            System.out.println(e.getMessage().replaceAll("@[0-9a-f]+", "@#"));
        }
        try {
            first.loadClass("no.Such");
        } catch (ClassNotFoundException e) {
            System.out.println(e);
        }
        byte[] bytes = ClassLoaders.class.getResourceAsStream("ClassLoaders$Part.class").readAllBytes();
        for (String name : new String[] {"Wrong", "ClassLoaders$Part", "java.lang.Evil"}) {
            try {
                Class<?> k = first.define(name, bytes);
                System.out.println("defined " + k);
            } catch (LinkageError | SecurityException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage().replaceAll("@[0-9a-f]+", "@#"));
            }
        }
        bytes[0] = 0;
        try {
            second.define("Broken", bytes);
        } catch (ClassFormatError e) {
            System.out.println(e.getMessage());
        }
        URL here = ClassLoaders.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader urls = new URLClassLoader(new URL[] {here}, ClassLoader.getPlatformClassLoader())) {
            Supplier<String> d = (Supplier<String>) urls.loadClass("ClassLoaders$Plugin").getDeclaredConstructor().newInstance();
            System.out.println(d.getClass().getClassLoader().getClass().getSimpleName() + " " + (d.getClass() == Plugin.class) + " " + (urls.getResource("ClassLoaders.class") != null) + " " + urls.findResource("absent"));
        }
        ClassLoader app = ClassLoader.getSystemClassLoader();
        System.out.println(app.getName() + " " + app.getParent().getName() + " " + app.getParent().getParent() + " " + String.class.getClassLoader() + " " + int[].class.getClassLoader() + " " + (Plugin[].class.getClassLoader() == app) + " " + (Thread.currentThread().getContextClassLoader() == app));
        System.out.println(ClassLoaders.class.getModule().isNamed() + " " + String.class.getModule());
    }
}
