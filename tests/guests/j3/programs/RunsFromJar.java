/** Started with -jar: the manifest's main class, resources and class path as the program sees them. */
// jar: true
// args: from jar
import java.io.InputStream;
import java.net.URL;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

public class RunsFromJar {
    static class Helper {
        static String help() { return "helped"; }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(String.join(" ", args) + " " + Helper.help());
        URL self = RunsFromJar.class.getResource("RunsFromJar.class");
        System.out.println(self.getProtocol() + " " + self.getPath().endsWith("RunsFromJar.jar!/RunsFromJar.class"));
        try (InputStream in = RunsFromJar.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            Manifest m = new Manifest(in);
            System.out.println(m.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS) + " " + m.getMainAttributes().getValue("Manifest-Version"));
        }
        try (InputStream in = ClassLoader.getSystemResourceAsStream("RunsFromJar$Helper.class")) {
            byte[] head = in.readNBytes(4);
            System.out.printf("%02x%02x%02x%02x%n", head[0], head[1], head[2], head[3]);
        }
        System.out.println(RunsFromJar.class.getResource("missing.txt") + " " + System.getProperty("java.class.path").endsWith("RunsFromJar.jar"));
        try (JarFile jar = new JarFile(System.getProperty("java.class.path"))) {
            jar.stream().map(e -> e.getName() + (e.getSize() > 0 ? "+" : "0")).sorted().forEach(System.out::println);
        }
        System.out.println(RunsFromJar.class.getProtectionDomain().getCodeSource().getLocation().getPath().endsWith(".jar") + " " + RunsFromJar.class.getClassLoader().getClass().getSimpleName());
        throw new IllegalStateException("uncaught from a jar");
    }
}
