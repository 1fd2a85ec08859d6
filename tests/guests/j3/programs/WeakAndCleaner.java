/** Weak, soft and phantom references, reference queues, WeakHashMap and Cleaner: cleared after System.gc, kept while reachable. */
import java.lang.ref.*;
import java.util.ArrayList;
import java.util.List;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

public class WeakAndCleaner {
    static Object strong = new byte[100];

    static WeakReference<Object> makeWeak(ReferenceQueue<Object> queue) {
        return new WeakReference<>(new int[1000], queue);
    }

    static boolean gcUntil(java.util.function.BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < 100 && !done.getAsBoolean(); i++) {
            System.gc();
            Thread.sleep(5);
        }
        return done.getAsBoolean();
    }

    static void fill(WeakHashMap<Object, String> map, Object keep) {
        for (int i = 0; i < 50; i++) map.put(new Object(), "garbage" + i);
        map.put(keep, "kept");
    }

    static void register(Cleaner cleaner, CountDownLatch latch) {
        for (int i = 0; i < 3; i++) cleaner.register(new Object(), latch::countDown);
    }

    /** The fence's argument lives up to there, though nothing is done with it. */
    static boolean isFenced() {
        Object object = new Object();
        WeakReference<Object> reference = new WeakReference<>(object);
        System.gc();
        boolean isThere = !reference.refersTo(null);
        Reference.reachabilityFence(object);
        return isThere;
    }

    public static void main(String[] args) throws Exception {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> weak = makeWeak(queue);
        WeakReference<Object> kept = new WeakReference<>(strong, queue);
        System.out.println(kept.get() == strong);
        System.out.println(gcUntil(() -> weak.get() == null) + " " + (kept.get() == strong));
        System.out.println(queue.remove(10_000) == weak);
        System.out.println(queue.poll() + " " + weak.refersTo(null) + kept.refersTo(strong));
        PhantomReference<Object> phantom = new PhantomReference<>(new Object(), queue);
        System.out.println(phantom.get() + " " + gcUntil(phantom::isEnqueued));
        SoftReference<String> soft = new SoftReference<>("soft" + args.length);
        System.gc();
        System.out.println(soft.get());
        WeakHashMap<Object, String> map = new WeakHashMap<>();
        Object key = new Object();
        fill(map, key);
        System.out.println(gcUntil(() -> map.size() == 1) + " " + map.get(key));
        Cleaner cleaner = Cleaner.create();
        CountDownLatch latch = new CountDownLatch(3);
        register(cleaner, latch);
        System.out.println(gcUntil(() -> latch.getCount() == 0) + " " + latch.await(1, TimeUnit.SECONDS));
        int[] runs = {0};
        Cleaner.Cleanable explicit = cleaner.register(strong, () -> runs[0]++);
        explicit.clean();
        explicit.clean();
        System.out.println(runs[0]);
        List<WeakReference<Object>> cycle = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Object[] a = new Object[1], b = {a};
            a[0] = b;
            cycle.add(new WeakReference<>(a));
        }
        System.out.println(gcUntil(() -> cycle.stream().allMatch(r -> r.get() == null)));
        kept.clear();
        System.out.println(kept.get() + " " + kept.enqueue() + " " + (strong != null));
        Reference.reachabilityFence(key);
        for (int i = 0; i < 3; i++) System.out.println(isFenced());
    }
}
