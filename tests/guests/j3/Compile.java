import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/**
 * Compiles many sources in one JVM, each into its own folder: triples "source folder jar", where jar is "-" or the
 * file to pack the folder into, its Main-Class named like the source.
 */
public class Compile {
    public static void main(String[] args) throws IOException {
        var javac = ToolProvider.getSystemJavaCompiler();
        int failed = 0;
        for (int i = 0; i < args.length; i += 3) {
            Path folder = Path.of(args[i + 1]);
            Files.createDirectories(folder);
            int code = javac.run(null, null, null, "-g", "-nowarn", "-XDsuppressNotes", "-Xlint:-options", "-proc:none",
                    "-encoding", "UTF-8", "-parameters", "-d", folder.toString(), args[i]);
            if (code != 0) failed++;
            else if (!args[i + 2].equals("-")) pack(folder, Path.of(args[i + 2]), mainClass(args[i]));
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    static String mainClass(String source) {
        String file = Path.of(source).getFileName().toString();
        return file.substring(0, file.length() - ".java".length());
    }

    static void pack(Path folder, Path jar, String mainClass) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        List<Path> files;
        try (var walk = Files.walk(folder)) {
            files = walk.filter(f -> f.toString().endsWith(".class")).sorted().toList();
        }
        try (OutputStream out = Files.newOutputStream(jar); var zip = new JarOutputStream(out, manifest)) {
            for (Path file : files) {
                zip.putNextEntry(new JarEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }
}
