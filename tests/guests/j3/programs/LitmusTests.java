// args: 30
/**
 * Litmus tests of the Java memory model: outcomes that it forbids, in every access mode. Two threads meet before each round; the argument is
 * milliseconds for each test.
 */
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

public class LitmusTests {
    static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    static final VarHandle DOUBLES = MethodHandles.arrayElementVarHandle(double[].class);

    /** Elements of 64 bytes apart: the next cache line. */
    static final int GAP = 16, SLOTS = 64;
    static final int[] x = new int[SLOTS * GAP], y = new int[SLOTS * GAP];
    static int milliseconds;

    /** What one thread does in a slot; the result is two digits. */
    interface Actor {
        int run(int slot);
    }

    interface Forbidden {
        boolean test(int first, int second);
    }

    static volatile int arrived0, arrived1, go;
    static volatile boolean stop;

    static void run(String name, Actor first, Actor second, Forbidden forbidden) throws InterruptedException {
        int[] a = new int[SLOTS], b = new int[SLOTS];
        long end = System.nanoTime() + milliseconds * 1_000_000L;
        arrived0 = arrived1 = go = 0;
        stop = false;
        int wrong = 0;
        Thread other = new Thread(() -> {
            for (int batch = 0; !stop; batch++) {
                for (int i = 0; i < SLOTS; i++) {
                    int round = batch * (SLOTS + 1) + i + 1;
                    arrived1 = round;
                    while (arrived0 < round) Thread.onSpinWait();
                    b[i] = second.run(i * GAP);
                }
                arrived1 = (batch + 1) * (SLOTS + 1);
                while (go <= batch) Thread.onSpinWait();
            }
        });
        other.start();
        for (int batch = 0; !stop; batch++) {
            for (int i = 0; i < SLOTS; i++) {
                int round = batch * (SLOTS + 1) + i + 1;
                arrived0 = round;
                while (arrived1 < round) Thread.onSpinWait();
                a[i] = first.run(i * GAP);
            }
            while (arrived1 < (batch + 1) * (SLOTS + 1)) Thread.onSpinWait();
            for (int i = 0; i < SLOTS; i++) {
                if (forbidden.test(a[i], b[i])) wrong++;
                x[i * GAP] = y[i * GAP] = 0;
            }
            if (System.nanoTime() >= end) stop = true;
            go = batch + 1;
        }
        other.join();
        System.out.println(name + ": " + (wrong == 0 ? "never" : wrong + " times"));
    }

    static volatile int vx, vy;
    static int plain;

    static void accesses() throws InterruptedException {
        Forbidden bothZero = (p, q) -> p == 0 && q == 0;
        Forbidden flagOnly = (p, q) -> q == 10;
        run("store buffering, volatile", s -> {
            INTS.setVolatile(x, s, 1);
            return (int) INTS.getVolatile(y, s);
        }, s -> {
            INTS.setVolatile(y, s, 1);
            return (int) INTS.getVolatile(x, s);
        }, bothZero);
        run("store buffering, opaque with full fences", s -> {
            INTS.setOpaque(x, s, 1);
            VarHandle.fullFence();
            return (int) INTS.getOpaque(y, s);
        }, s -> {
            INTS.setOpaque(y, s, 1);
            VarHandle.fullFence();
            return (int) INTS.getOpaque(x, s);
        }, bothZero);
        run("store buffering, getAndSet", s -> {
            INTS.getAndSet(x, s, 1);
            return (int) INTS.getVolatile(y, s);
        }, s -> {
            INTS.getAndAdd(y, s, 1);
            return (int) INTS.getVolatile(x, s);
        }, bothZero);
        run("message passing, volatile", s -> {
            x[s] = 1;
            INTS.setVolatile(y, s, 1);
            return 0;
        }, s -> (int) INTS.getVolatile(y, s) * 10 + x[s], flagOnly);
        run("message passing, release and acquire", s -> {
            x[s] = 1;
            INTS.setRelease(y, s, 1);
            return 0;
        }, s -> (int) INTS.getAcquire(y, s) * 10 + x[s], flagOnly);
        run("message passing, weak compare and set", s -> {
            x[s] = 1;
            while (!INTS.weakCompareAndSetRelease(y, s, 0, 1)) Thread.onSpinWait();
            return 0;
        }, s -> (int) INTS.getAndAddAcquire(y, s, 0) * 10 + x[s], flagOnly);
        run("message passing, opaque with fences", s -> {
            INTS.setOpaque(x, s, 1);
            VarHandle.releaseFence();
            INTS.setOpaque(y, s, 1);
            return 0;
        }, s -> {
            int flag = (int) INTS.getOpaque(y, s);
            VarHandle.acquireFence();
            return flag * 10 + (int) INTS.getOpaque(x, s);
        }, flagOnly);
        run("load buffering, acquire", s -> {
            int seen = (int) INTS.getAcquire(x, s);
            INTS.setRelease(y, s, 1);
            return seen;
        }, s -> {
            int seen = (int) INTS.getAcquire(y, s);
            INTS.setRelease(x, s, 1);
            return seen;
        }, (p, q) -> p == 1 && q == 1);
        run("coherence, opaque", s -> {
            INTS.setOpaque(x, s, 1);
            return 0;
        }, s -> (int) INTS.getOpaque(x, s) * 10 + (int) INTS.getOpaque(x, s), flagOnly);
        AtomicInteger lazy = new AtomicInteger();
        run("message passing, lazySet", s -> {
            lazy.setPlain(0);
            x[s] = s + 1;
            lazy.lazySet(s + 1);
            return 0;
        }, s -> lazy.get() == s + 1 && x[s] != s + 1 ? 1 : 0, (p, q) -> q == 1);
        run("store buffering, volatile fields", s -> {
            vx = s + 1;
            return vy == s + 1 ? 1 : 0;
        }, s -> {
            vy = s + 1;
            return vx == s + 1 ? 1 : 0;
        }, bothZero);
        run("synchronized: one after the other", s -> locked(), s -> locked(), (p, q) -> p == q);
    }

    static synchronized int locked() {
        return plain++;
    }

    static final long[] wide = new long[1];
    static final double[] real = new double[1];
    static volatile long field;

    static void tearing() throws InterruptedException {
        run("half a long, volatile field", s -> {
            field = (s & GAP) == 0 ? 0 : -1;
            return 0;
        }, s -> field + 1 >>> 1 == 0 ? 0 : 1, (p, q) -> q != 0);
        run("half a long, opaque", s -> {
            LONGS.setOpaque(wide, 0, (s & GAP) == 0 ? 0L : -1L);
            return 0;
        }, s -> (long) LONGS.getOpaque(wide, 0) + 1 >>> 1 == 0 ? 0 : 1, (p, q) -> q != 0);
        run("half a double, release", s -> {
            DOUBLES.setRelease(real, 0, (s & GAP) == 0 ? 0.0 : 1.0 / 3);
            return 0;
        }, s -> {
            double seen = (double) DOUBLES.getAcquire(real, 0);
            return seen == 0.0 || seen == 1.0 / 3 ? 0 : 1;
        }, (p, q) -> q != 0);
    }

    /** JLS §17.5: whoever sees the object sees its final fields, and what they refer to. */
    static class Frozen {
        final int number;
        final int[] squares;
        final Object lock = new Object();
        int hash;

        Frozen(int number) {
            this.number = number;
            squares = new int[] {number, number * number};
        }

        boolean isWhole() {
            synchronized (lock) {
                return number != 0 && squares.length == 2 && squares[0] == number && squares[1] == number * number && getClass() == Frozen.class;
            }
        }
    }

    static Frozen frozen;
    static String text;
    static Object[] boxes = new Object[1];
    static int count;

    static void publication() throws InterruptedException {
        frozen = null;
        run("an object without its final fields", s -> {
            frozen = new Frozen(++count | 1);
            return 0;
        }, s -> frozen == null || frozen.isWhole() ? 0 : 1, (p, q) -> q != 0);
        text = "0";
        run("a string without its characters", s -> {
            text = Integer.toString(++count);
            return 0;
        }, s -> {
            String seen = text;
            return !seen.isEmpty() && seen.charAt(0) >= '0' && seen.hashCode() != 0 ? 0 : 1;
        }, (p, q) -> q != 0);
        boxes[0] = 1;
        run("a box without its number", s -> {
            boxes[0] = ++count % 2 == 0 ? Integer.valueOf(count | 1 << 20) : Long.valueOf(count | 1 << 20);
            return 0;
        }, s -> ((Number) boxes[0]).intValue() != 0 ? 0 : 1, (p, q) -> q != 0);
        Frozen[] from = {new Frozen(1), new Frozen(2), new Frozen(3)}, to = new Frozen[3];
        run("a copied reference to nothing", s -> {
            from[s / GAP % 3] = new Frozen(s + 1);
            System.arraycopy(from, 0, to, 0, 3);
            return 0;
        }, s -> {
            Frozen seen = to[s / GAP % 3];
            return seen == null || seen.isWhole() ? 0 : 1;
        }, (p, q) -> q != 0);
    }

    /** JLS §12.4.2: whoever comes after the initialisation sees what it did. */
    static class Late {
        static int[] filled = new int[64];
        static {
            for (int i = 0; i < 64; i++) filled[i] = i + 1;
        }
    }

    static int sum() {
        int sum = 0;
        for (int each : Late.filled) sum += each;
        return sum;
    }

    volatile int updated;

    static void others() throws InterruptedException {
        AtomicInteger sums = new AtomicInteger();
        Thread[] threads = new Thread[4];
        int[] results = new int[4];
        LitmusTests shared = new LitmusTests();
        AtomicIntegerFieldUpdater<LitmusTests> updater = AtomicIntegerFieldUpdater.newUpdater(LitmusTests.class, "updated");
        for (int i = 0; i < 4; i++) {
            int me = i;
            plain = i + 1; // start() publishes it to the new thread, join() takes the result back
            int expected = plain;
            threads[i] = new Thread(() -> {
                results[me] = plain >= expected ? sum() : -1;
                for (int k = 0; k < 2000; k++) {
                    updater.incrementAndGet(shared);
                    sums.addAndGet(k & 1);
                }
            });
            threads[i].start();
        }
        int total = 0;
        for (int i = 0; i < 4; i++) {
            threads[i].join();
            total += results[i];
        }
        System.out.println(total + " " + shared.updated + " " + sums);
    }

    public static void main(String[] args) throws InterruptedException {
        milliseconds = Integer.parseInt(args[0]);
        accesses();
        tearing();
        publication();
        others();
    }
}
