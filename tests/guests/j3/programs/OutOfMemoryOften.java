// jvm: -Xmx16m -XX:+UseSerialGC
// stress: 20000
/** Memory that runs out again and again, in one thread and in several: each time the thread that asked has the error, and all goes on. */
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

public class OutOfMemoryOften {
    static final class Node {
        final Node next;
        long first, second;

        Node(Node next) {
            this.next = next;
        }
    }

    static boolean small() {
        Node head = null;
        int count = 0;
        try {
            while (true) {
                head = new Node(head);
                count++;
            }
        } catch (OutOfMemoryError error) {
            head = null;
            return count > 1000 && error.getMessage().equals("Java heap space");
        }
    }

    static boolean large() {
        List<int[]> list = new ArrayList<>();
        try {
            while (true) list.add(new int[50_000]);
        } catch (OutOfMemoryError error) {
            return list.size() > 10;
        }
    }

    /** The main thread needs no memory from here on: it would be as likely as the others to get none, and nobody would stop the counter. */
    static volatile boolean go;

    public static void main(String[] args) throws Exception {
        int caught = 0;
        for (int i = 0; i < 20; i++) {
            if (large()) caught++;
            if (small()) caught++;
        }
        System.out.println(caught);

        // Who does not allocate does not notice.
        AtomicLong quiet = new AtomicLong();
        boolean[] stop = new boolean[1];
        Thread counter = new Thread(() -> {
            while (!stop[0]) {
                quiet.incrementAndGet();
                Thread.yield();
            }
        });
        counter.start();
        int[] counts = new int[3];
        Thread[] threads = new Thread[3];
        for (int i = 0; i < threads.length; i++) {
            int self = i;
            threads[i] = new Thread(() -> {
                while (!go) Thread.yield();
                List<byte[]> mine = null;
                for (int round = 0; round < 3; ) {
                    try {
                        if (mine == null) mine = new ArrayList<>();
                        mine.add(new byte[20_000]);
                    } catch (OutOfMemoryError error) {
                        mine = null;
                        counts[self]++;
                        round++;
                    }
                }
            });
            threads[i].start();
        }
        threads[0].join(1);
        go = true;
        for (Thread thread : threads) thread.join();
        System.out.println(Arrays.toString(counts));
        long before = quiet.get();
        while (quiet.get() < before + 10) Thread.sleep(1);
        stop[0] = true;
        counter.join();
        System.out.println(counter.getState());
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 1, Integer.MAX_VALUE - 2, 1 << 30}) {
            try {
                System.out.println(new byte[length].length);
            } catch (OutOfMemoryError error) {
                System.out.println(length + " " + error.getMessage());
            }
            try {
                System.out.println(new Object[length].length);
            } catch (OutOfMemoryError error) {
                System.out.println(length + " " + error.getMessage());
            }
        }
    }
}
