// Dumps of the heap, and flags: see also heap-dump.test.ts, which reads the dump.
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

public class HeapDumps {
    static class Base {
        int number = 42;
        private Object hidden = "base";
    }

    static class Shape extends Base {
        Colour colour = Colour.GREEN;
        long wide = -5;
        double real = 1.5;
        float small = 2.5f;
        char letter = 'x';
        short narrow = -3;
        byte tiny = 7;
        boolean yes = true;
        Shape next;
        private Object hidden = "shape";
        Object[] several = {"a", null, new int[] {1, 2, 3}};
    }

    enum Colour { RED, GREEN }

    static Shape first = new Shape();
    static final int CONSTANT = 99;
    static long wide = 1L << 40;
    static long[] longs = {1, -1, Long.MIN_VALUE};
    static byte[] large = new byte[3_000_000];
    static List<Shape> list = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        first.next = new Shape();
        large[2_999_999] = 9;
        for (int i = 0; i < 100; i++) list.add(new Shape());
        Thread waiting = new Thread(HeapDumps::await, "the waiting one");
        waiting.setDaemon(true);
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING) Thread.sleep(1);
        HotSpotDiagnosticMXBean bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        bean.dumpHeap("dump.hprof", true);
        System.out.println(new File("dump.hprof").length() > 3_000_000);
        for (String file : new String[] {"dump.hprof", "dump.bin", "no/such/folder.hprof"}) {
            try {
                bean.dumpHeap(file, true);
            } catch (Exception e) {
                System.out.println(e);
            }
        }
        System.out.println(bean.getVMOption("HeapDumpOnOutOfMemoryError"));
        bean.setVMOption("HeapDumpOnOutOfMemoryError", "true");
        System.out.println(bean.getVMOption("HeapDumpOnOutOfMemoryError"));
        for (String name : new String[] {"MaxHeapSize", "NoSuchFlag"}) {
            try {
                bean.setVMOption(name, "1");
            } catch (Exception e) {
                System.out.println(e);
            }
        }
        if (args.length > 0) {
            List<long[]> all = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                try {
                    for (;;) all.add(new long[100_000]);
                } catch (OutOfMemoryError e) {
                    all.clear();
                    System.out.println("caught " + e.getMessage());
                }
            }
        }
    }

    static void await() {
        Object lock = new Object();
        synchronized (lock) {
            try {
                lock.wait();
            } catch (InterruptedException e) {
            }
        }
    }
}
