// jvm: -Xmx64m
// stress: 2000
/** Soft references give way before memory runs out, and live on when there is enough of it. */
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;

public class SoftReferences {
    static int alive(List<SoftReference<byte[]>> cache) {
        int alive = 0;
        for (SoftReference<byte[]> reference : cache) {
            byte[] bytes = reference.get();
            if (bytes == null) continue;
            if (bytes[1000] != 7 || bytes.length != 1 << 20) throw new AssertionError();
            alive++;
        }
        return alive;
    }

    static int fill(List<SoftReference<byte[]>> cache, ReferenceQueue<byte[]> queue, int count) {
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[1 << 20];
            bytes[1000] = 7;
            cache.add(new SoftReference<>(bytes, queue));
        }
        return cache.size();
    }

    public static void main(String[] args) throws Exception {
        ReferenceQueue<byte[]> queue = new ReferenceQueue<>();
        List<SoftReference<byte[]>> cache = new ArrayList<>();
        System.out.println(fill(cache, queue, 300));
        int alive = alive(cache);
        System.out.println(alive <= 64);
        int enqueued = 0;
        while (enqueued < 300 - alive && queue.remove(10_000) != null) enqueued++;
        System.out.println(enqueued == 300 - alive(cache) || enqueued == 300 - alive);
        // What cannot be had even without them fails, and clears them all.
        try {
            System.out.println(new byte[200 << 20].length);
        } catch (OutOfMemoryError error) {
            System.out.println(error.getMessage());
        }
        System.out.println(alive(cache));
        cache.clear();
        System.gc();
        System.gc();
        SoftReference<Object> fresh = new SoftReference<>(new Object());
        System.gc();
        System.out.println(fresh.get() != null);
    }
}
