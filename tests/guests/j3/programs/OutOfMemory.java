/** OutOfMemoryError is catchable; what was held is freed afterwards; impossible array sizes fail at once. */
// jvm: -Xmx64m
// stress: 5000
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

public class OutOfMemory {
    static Object keep;

    static int fill() {
        List<byte[]> blocks = new ArrayList<>();
        try {
            while (true) blocks.add(new byte[1 << 20]);
        } catch (OutOfMemoryError e) {
            int count = blocks.size();
            blocks = null;
            System.out.println(e.getMessage());
            return count;
        }
    }

    static boolean fillSmall() {
        LinkedList<Object> list = new LinkedList<>();
        try {
            while (true) list.add(new long[16]);
        } catch (OutOfMemoryError e) {
            list = null;
            return true;
        }
    }

    public static void main(String[] args) {
        for (int i = 0; i < 3; i++) {
            int count = fill();
            System.out.println(count > 16 && count < 64 ? "plausible" : "implausible " + count);
        }
        System.out.println(fillSmall());
        try {
            keep = new int[Integer.MAX_VALUE];
        } catch (OutOfMemoryError e) {
            System.out.println(e.getMessage());
        }
        try {
            keep = new long[100_000_000];
        } catch (OutOfMemoryError e) {
            System.out.println(e.getMessage());
        }
        try {
            keep = new int[1000][1000][1000];
        } catch (OutOfMemoryError e) {
            System.out.println("multi: " + e.getMessage());
        }
        long total = 0;
        for (int i = 0; i < 500; i++) { // 250 MB of garbage through 64 MB
            byte[] b = new byte[500_000];
            b[i] = 1;
            total += b.length + b[i];
        }
        System.out.println(total + " " + (Runtime.getRuntime().maxMemory() <= 64 << 20) + " " + keep);
    }
}
