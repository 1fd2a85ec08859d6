// suite: once
/** Atomics under threads: LongAdder and its kin, arrays, field updaters, stamped and marked references, getAndUpdate, weak sets. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Adders {
    volatile int number;
    volatile long big;
    volatile String text = "";

    static void parallel(int threads, java.util.function.IntConsumer body) throws InterruptedException {
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int n = i;
            all[i] = new Thread(() -> body.accept(n));
            all[i].start();
        }
        for (Thread t : all) t.join();
    }

    public static void main(String[] args) throws Exception {
        LongAdder adder = new LongAdder();
        DoubleAdder doubles = new DoubleAdder();
        LongAccumulator max = new LongAccumulator(Math::max, Long.MIN_VALUE);
        DoubleAccumulator min = new DoubleAccumulator(Math::min, Double.POSITIVE_INFINITY);
        AtomicInteger i32 = new AtomicInteger();
        AtomicLong i64 = new AtomicLong(1L << 40);
        AtomicBoolean flag = new AtomicBoolean();
        AtomicInteger flips = new AtomicInteger();
        AtomicIntegerArray array = new AtomicIntegerArray(7);
        AtomicLongArray longs = new AtomicLongArray(3);
        AtomicReferenceArray<String> strings = new AtomicReferenceArray<>(2);
        parallel(4, n -> {
            for (int i = 0; i < 2000; i++) {
                adder.add(i % 5);
                doubles.add(0.5);
                max.accumulate((long) n * 10_000 + i);
                min.accumulate(1.0 / (n * 2000 + i + 1));
                i32.incrementAndGet();
                i64.addAndGet(i);
                if (flag.compareAndSet(false, true)) {
                    flips.incrementAndGet();
                    flag.set(false);
                }
                array.getAndIncrement(i % 7);
                longs.accumulateAndGet(n % 3, i, Long::sum);
                strings.updateAndGet(i & 1, s -> s == null ? "x" : s.length() < 20 ? s + "x" : s);
            }
        });
        System.out.println(adder + " " + doubles + " " + max + " " + min.get() + " " + i32 + " " + i64 + " " + (flips.get() > 0));
        System.out.println(array + " " + longs + " " + strings);
        System.out.println(adder.sumThenReset() + " " + adder.intValue() + " " + max.getThenReset() + " " + max.get());
        AtomicIntegerFieldUpdater<Adders> numbers = AtomicIntegerFieldUpdater.newUpdater(Adders.class, "number");
        AtomicLongFieldUpdater<Adders> bigs = AtomicLongFieldUpdater.newUpdater(Adders.class, "big");
        AtomicReferenceFieldUpdater<Adders, String> texts = AtomicReferenceFieldUpdater.newUpdater(Adders.class, String.class, "text");
        Adders object = new Adders();
        parallel(3, n -> {
            for (int i = 0; i < 1000; i++) {
                numbers.getAndIncrement(object);
                bigs.addAndGet(object, 1L << 33);
                texts.updateAndGet(object, t -> t.length() < 30 ? t + "." : t);
            }
        });
        System.out.println(object.number + " " + object.big + " " + object.text.length());
        try {
            AtomicIntegerFieldUpdater.newUpdater(Adders.class, "text");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        // A stack with stamps.
        record Node(int value, Node next) {}
        AtomicStampedReference<Node> top = new AtomicStampedReference<>(null, 0);
        AtomicLong popped = new AtomicLong();
        parallel(4, n -> {
            int[] stamp = new int[1];
            for (int i = 0; i < 500; i++) {
                for (Node old = top.get(stamp); !top.compareAndSet(old, new Node(n * 500 + i, old), stamp[0], stamp[0] + 1); ) old = top.get(stamp);
                if (i % 2 == 1) continue;
                Node old = top.get(stamp);
                while (old != null && !top.compareAndSet(old, old.next(), stamp[0], stamp[0] + 1)) old = top.get(stamp);
                if (old != null) popped.addAndGet(old.value());
            }
        });
        int left = 0;
        for (Node n = top.getReference(); n != null; n = n.next()) {
            popped.addAndGet(n.value());
            left++;
        }
        System.out.println(popped + " " + left + " " + top.getStamp());
        AtomicMarkableReference<String> marked = new AtomicMarkableReference<>("a", false);
        System.out.println(marked.attemptMark("a", true) + " " + marked.compareAndSet("a", "b", false, true) + " " + marked.compareAndSet("a", "b", true, false) + " " + marked.getReference() + marked.isMarked());
        AtomicReference<String> reference = new AtomicReference<>("start");
        System.out.println(reference.getAndUpdate(s -> s + "!") + " " + reference.accumulateAndGet("?", String::concat) + " " + reference.getAndSet(null) + " " + reference.compareAndExchange(null, "new") + " " + reference.getPlain());
        AtomicInteger modes = new AtomicInteger(5);
        modes.lazySet(6);
        modes.setRelease(modes.getAcquire() + 1);
        modes.setOpaque(modes.getOpaque() + 1);
        while (!modes.weakCompareAndSetVolatile(8, 9)) Thread.onSpinWait();
        System.out.println(modes + " " + modes.getAndAccumulate(3, (a, b) -> a * b) + " " + modes.compareAndExchangeAcquire(27, 1) + " " + modes.getAndDecrement() + " " + modes.decrementAndGet());
        Random shared = new Random(5);
        long[] drawn = new long[3];
        parallel(3, n -> { for (int i = 0; i < 500; i++) drawn[n] += shared.nextInt(1000); });
        Random alone = new Random(5);
        long sum = 0;
        for (int i = 0; i < 1500; i++) sum += alone.nextInt(1000);
        System.out.println(drawn[0] + drawn[1] + drawn[2] == sum);
        SplittableRandom split = new SplittableRandom(1);
        System.out.println(split.split().nextInt(100) + " " + split.nextLong());
    }
}
