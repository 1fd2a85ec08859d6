// Holds and drops memory around a collection that it asks for: see logging.test.ts.
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

public class LoggedCollections {
    static byte[][] held = new byte[16][];

    public static void main(String[] args) throws InterruptedException {
        for (int i = 0; i < held.length; i++) held[i] = new byte[1 << 20];
        for (int i = 0; i < held.length; i += 2) held[i] = null;
        System.out.println("before");
        System.gc();
        System.out.println("after");
        long sum = 0;
        for (byte[] each : held) if (each != null) sum += each.length;
        System.out.println(sum);
        if (args.length == 0) return;
        // What the program itself turns on and asks for.
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.setVerbose(true);
        System.out.println("verbose " + memory.isVerbose());
        memory.gc();
        memory.setVerbose(false);
        System.out.println("verbose " + memory.isVerbose());
        memory.gc();
        System.out.println("ready");
        Thread.sleep(60_000);
    }
}
