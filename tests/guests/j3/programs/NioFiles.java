/** java.nio.file: paths, reading, writing, copying, moving, walking, attributes, channels and buffers, exceptions. */
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

public class NioFiles {
    static void attempt(String what, Action action) {
        try {
            System.out.println(what + " " + action.run());
        } catch (IOException e) {
            System.out.println(what + " -> " + e.getClass().getSimpleName() + " " + e.getMessage().replace(System.getProperty("user.dir"), "."));
        }
    }

    interface Action { Object run() throws IOException; }

    public static void main(String[] args) throws IOException {
        Path p = Path.of("a/b/../c/./d.tar.gz");
        System.out.println(p.normalize() + " " + p.getFileName() + " " + p.getNameCount() + " " + p.subpath(1, 3) + " " + p.resolveSibling("x") + " " + Path.of("/a/b").relativize(Path.of("/a/c/d")) + " " + p.startsWith("a/b") + " " + Path.of("/x").resolve("y").getRoot());
        Path dir = Files.createDirectories(Path.of("tree/one/two"));
        Path text = dir.resolve("t.txt");
        Files.writeString(text, "alpha\nbéta\ngamma\n");
        Files.write(text, List.of("delta", "epsilon"), StandardOpenOption.APPEND);
        System.out.println(Files.size(text) + " " + Files.readAllLines(text) + " " + Files.readString(text).length());
        try (Stream<String> lines = Files.lines(text)) {
            System.out.println(lines.filter(l -> l.contains("t")).collect(Collectors.joining(",")));
        }
        try (BufferedReader r = Files.newBufferedReader(text)) {
            System.out.println(r.readLine() + r.read());
        }
        Files.copy(text, Path.of("tree/copy.txt"));
        attempt("copy again", () -> Files.copy(text, Path.of("tree/copy.txt")));
        attempt("replace", () -> Files.copy(text, Path.of("tree/copy.txt"), StandardCopyOption.REPLACE_EXISTING));
        attempt("move", () -> Files.move(Path.of("tree/copy.txt"), Path.of("tree/one/moved.txt")));
        attempt("missing", () -> Files.readString(Path.of("nowhere.txt")));
        attempt("full directory", () -> { Files.delete(Path.of("tree")); return 0; });
        attempt("absent", () -> Files.deleteIfExists(Path.of("absent")));
        attempt("new exists", () -> Files.createFile(text));
        attempt("mismatch", () -> Files.mismatch(text, Path.of("tree/one/moved.txt")));
        try (Stream<Path> walk = Files.walk(Path.of("tree"))) {
            System.out.println(walk.map(Path::toString).sorted().toList());
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(Path.of("tree/one"), "*.txt")) {
            for (Path f : stream) System.out.println(f + " " + Files.isRegularFile(f) + Files.isDirectory(f) + Files.exists(f) + Files.notExists(f) + Files.isReadable(f));
        }
        BasicFileAttributes attributes = Files.readAttributes(dir, BasicFileAttributes.class);
        System.out.println(attributes.isDirectory() + " " + attributes.isSymbolicLink() + " " + (Files.getLastModifiedTime(text).toMillis() > 1_600_000_000_000L));
        Path binary = Path.of("binary");
        try (FileChannel channel = FileChannel.open(binary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(0x01020304).putLong(-2L).putDouble(2.5).put((byte) 9).putChar('Z').flip();
            System.out.println(buffer + " " + channel.write(buffer) + " " + channel.size());
            ByteBuffer direct = ByteBuffer.allocateDirect(16);
            channel.read(direct, 0);
            direct.flip();
            System.out.println(Integer.toHexString(direct.getInt()) + " " + direct.order(ByteOrder.LITTLE_ENDIAN).getLong() + " " + direct.remaining() + " " + direct.isDirect());
            channel.truncate(5).position(5);
            channel.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {7, 8}), StandardCharsets.UTF_8.encode("é")});
        }
        System.out.println(Arrays.toString(Files.readAllBytes(binary)));
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap("décode 😀".getBytes(StandardCharsets.UTF_8)));
        System.out.println(decoded + " " + decoded.length() + " " + ByteBuffer.wrap(new byte[8]).asLongBuffer().put(0, 5).get(0) + " " + ByteBuffer.wrap(new byte[] {1, 2, 3}).slice(1, 2).compareTo(ByteBuffer.wrap(new byte[] {2, 3})));
        Path temporary = Files.createTempFile(Path.of("."), "pre", ".suf");
        System.out.println(temporary.getFileName().toString().matches("pre\\d+\\.suf") + " " + Files.size(temporary));
        Files.walkFileTree(Path.of("tree"), new SimpleFileVisitor<>() {
            @Override public FileVisitResult visitFile(Path f, BasicFileAttributes a) throws IOException { Files.delete(f); return FileVisitResult.CONTINUE; }
            @Override public FileVisitResult postVisitDirectory(Path d, IOException e) throws IOException { Files.delete(d); return FileVisitResult.CONTINUE; }
        });
        System.out.println(Files.exists(Path.of("tree")));
    }
}
