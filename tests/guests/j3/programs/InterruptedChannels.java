// suite: once
/** Interrupts and channels: a pipe's read, a selector, a channel entered with the interrupt set, asynchronous close, PipedInputStream. */
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;

public class InterruptedChannels {
    interface Body { void run() throws Exception; }

    static String outcome(Body body) {
        try {
            body.run();
            return "returned, interrupted " + Thread.interrupted();
        } catch (Exception e) {
            return e + ", interrupted " + Thread.interrupted();
        }
    }

    static Thread start(String name, Body body) {
        Thread t = new Thread(() -> System.out.println(name + ": " + outcome(body)), name);
        t.start();
        return t;
    }

    public static void main(String[] args) throws Exception {
        Path file = Paths.get("channel.bin");
        Files.write(file, new byte[100]);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Thread.currentThread().interrupt();
        System.out.println("file read: " + outcome(() -> channel.read(ByteBuffer.allocate(10))) + ", open " + channel.isOpen());
        System.out.println("after: " + outcome(() -> channel.size()));
        FileChannel second = FileChannel.open(file, StandardOpenOption.WRITE);
        Thread.currentThread().interrupt();
        System.out.println("file write: " + outcome(() -> second.write(ByteBuffer.allocate(10))) + ", open " + second.isOpen());
        // Streams do not look at the interrupt.
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            Thread.currentThread().interrupt();
            System.out.println("stream: " + outcome(() -> System.out.print(in.read() + " ")));
        }
        Files.delete(file);
        PipedInputStream in = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(in);
        Thread reader = start("piped", () -> in.read());
        while (reader.getState() != Thread.State.TIMED_WAITING) Thread.sleep(1);
        reader.interrupt();
        reader.join();
        Thread again = start("piped", () -> System.out.print(in.read() + " "));
        while (again.getState() != Thread.State.TIMED_WAITING) Thread.sleep(1);
        out.write(65);
        out.flush();
        again.join();
        PipedOutputStream full = new PipedOutputStream(new PipedInputStream());
        Thread writer = start("piped write", () -> full.write(new byte[2000]));
        while (writer.getState() != Thread.State.TIMED_WAITING) Thread.sleep(1);
        writer.interrupt();
        writer.join();
        out.close();
    }
}
