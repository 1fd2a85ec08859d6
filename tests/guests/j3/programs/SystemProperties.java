/** System properties from -D and the library, Properties load and store, environment, Runtime facts. */
// jvm: -Dapp.name=test -Dapp.empty= -Dapp.flag -Dapp.number=0x10
// args: --x=1 second
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Properties;
import java.util.TreeSet;

public class SystemProperties {
    public static void main(String[] args) throws Exception {
        System.out.println(System.getProperty("app.name") + " [" + System.getProperty("app.empty") + "] [" + System.getProperty("app.flag") + "] " + System.getProperty("app.none") + " " + System.getProperty("app.none", "dflt") + " " + Integer.getInteger("app.number") + Boolean.getBoolean("app.flag"));
        for (String key : new String[] {"java.specification.version", "java.class.version", "java.version", "java.vm.specification.name", "file.separator", "path.separator", "file.encoding", "os.name", "java.vendor", "user.dir.none", "java.specification.vendor", "sun.jnu.encoding", "native.encoding"}) {
            System.out.println(key + "=" + System.getProperty(key));
        }
        System.out.println(System.lineSeparator().equals("\n") + " " + new java.io.File("").getAbsolutePath().equals(System.getProperty("user.dir")) + " " + (System.getProperty("java.home") != null) + " " + System.getProperties().containsKey("java.io.tmpdir"));
        System.setProperty("app.name", "changed");
        System.clearProperty("app.number");
        System.out.println(System.getProperty("app.name") + " " + System.getProperty("app.number") + " " + args[0] + args[1]);
        try {
            System.getProperty("");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        Properties p = new Properties(new Properties());
        p.load(new StringReader("# comment\n! also\na = 1\nb:two\\\n   words\nc\\ d=\\u00e9\\t|\nempty\n\\=eq = x\n"));
        for (String k : new TreeSet<>(p.stringPropertyNames())) System.out.println("[" + k + "]=[" + p.getProperty(k) + "]");
        StringWriter out = new StringWriter();
        Properties one = new Properties();
        one.setProperty("k y", " v:\u00ff\n");
        one.store(out, null);
        System.out.println(out.toString().lines().filter(l -> !l.startsWith("#")).toList());
        System.out.println(System.getenv("TZ") + " " + System.getenv("NO_SUCH_VARIABLE") + " " + System.getenv().containsKey("PATH"));
        Runtime r = Runtime.getRuntime();
        System.out.println((r.availableProcessors() > 0) + " " + (r.totalMemory() >= r.freeMemory()) + " " + Runtime.version().feature() + " " + (System.nanoTime() - System.nanoTime() <= 0));
        r.gc();
        System.out.println(Thread.currentThread().getName() + " " + Thread.currentThread().getThreadGroup().getName() + " " + Thread.currentThread().getPriority() + " " + Thread.currentThread());
    }
}
