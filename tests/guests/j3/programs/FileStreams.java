/** java.io: byte and character streams, data and object framing, RandomAccessFile, File operations, piped and print streams. */
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

public class FileStreams {
    public static void main(String[] args) throws Exception {
        File file = new File("data.bin");
        System.out.println(file.exists() + " " + file.createNewFile() + " " + file.createNewFile() + " " + file.length() + " " + file.isFile());
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(file)))) {
            out.writeByte(-1);
            out.writeShort(-2);
            out.writeChar('é');
            out.writeInt(Integer.MIN_VALUE);
            out.writeLong(Long.MAX_VALUE);
            out.writeFloat(1.5f);
            out.writeDouble(Math.E);
            out.writeBoolean(true);
            out.writeUTF("modified \0 UTF é 😀");
            System.out.println(out.size());
        }
        try (DataInputStream in = new DataInputStream(new FileInputStream(file))) {
            System.out.println(in.readByte() + " " + in.readShort() + " " + in.readChar() + " " + in.readInt() + " " + in.readLong() + " " + in.readFloat() + " " + in.readDouble() + " " + in.readBoolean() + " " + in.readUTF().length() + " " + in.available());
            in.readInt();
        } catch (EOFException e) {
            System.out.println(e);
        }
        try (RandomAccessFile raf = new RandomAccessFile(file, "rw")) {
            raf.seek(3);
            raf.write("XYZ".getBytes());
            raf.seek(1);
            byte[] five = new byte[6];
            raf.readFully(five);
            System.out.println(Arrays.toString(five) + " " + raf.getFilePointer() + " " + raf.length());
            raf.setLength(10);
            raf.seek(20);
            raf.writeInt(7);
            System.out.println(raf.length());
        }
        File text = new File("dir/sub", "lines.txt");
        System.out.println(text.getParentFile().mkdirs() + " " + text.getPath() + " " + text.getName() + " " + text.getParent() + " " + text.isAbsolute());
        try (PrintWriter w = new PrintWriter(new OutputStreamWriter(new FileOutputStream(text), StandardCharsets.UTF_16LE))) {
            for (int i = 0; i < 1000; i++) w.printf("line %d: %s%n", i, i % 100 == 0 ? "日本" : "plain");
        }
        try (BufferedReader r = new BufferedReader(new InputStreamReader(new FileInputStream(text), StandardCharsets.UTF_16LE), 100)) {
            int count = 0, hash = 0;
            for (String l; (l = r.readLine()) != null; count++) hash = hash * 31 + l.hashCode();
            System.out.println(count + " " + hash + " " + text.length());
        }
        try (FileWriter append = new FileWriter("small.txt", true)) { append.write("one\rtwo\r\nthree"); }
        try (FileWriter append = new FileWriter("small.txt", true)) { append.append('!').append("\nfour", 0, 3); }
        try (LineNumberReader r = new LineNumberReader(new FileReader("small.txt"))) {
            for (String l; (l = r.readLine()) != null;) System.out.print(r.getLineNumber() + "=" + l + " ");
            System.out.println();
        }
        String[] names = new File(".").list();
        Arrays.sort(names);
        System.out.println(Arrays.toString(names) + " " + new File("small.txt").renameTo(new File("dir/moved.txt")) + " " + new File("dir").delete() + " " + file.delete() + " " + file.delete());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, "UTF-8");
        print.print('ü');
        print.println(new char[] {'a', 'b'});
        print.write(65);
        print.append("tail").format("%03d", 7);
        PushbackInputStream push = new PushbackInputStream(new SequenceInputStream(new ByteArrayInputStream(bytes.toByteArray()), new ByteArrayInputStream(new byte[] {1, 2})), 2);
        int first = push.read();
        push.unread(first);
        System.out.println(bytes.toString("UTF-8").replace("\n", "~") + " " + first + " " + push.readAllBytes().length + " " + push.read());
        StringReader chars = new StringReader("mark and reset");
        chars.skip(5);
        chars.mark(10);
        char[] three = new char[3];
        chars.read(three);
        chars.reset();
        System.out.println(new String(three) + (char) chars.read() + " " + new StreamTokenizer(new StringReader("x = 3.5 // c")).nextToken());
        try {
            new FileInputStream("missing.txt");
        } catch (FileNotFoundException e) {
            System.out.println(e.getMessage());
        }
        try {
            new FileOutputStream("dir");
        } catch (FileNotFoundException e) {
            System.out.println(e.getMessage());
        }
    }
}
