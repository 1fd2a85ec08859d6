/** Traces, locks and handlers in methods that have become hot: exceptions in loops and synchronized methods that are expanded, recursion, lambdas. */
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

public class HotTraces {
    int count;
    int[] data = {1, 2, 3, 4};
    HotTraces next;

    int loop(int[] values, int limit) {
        int sum = 0;
        for (int i = 0; i < limit; i++) {
            if (i == 7) throw new IllegalStateException("seven");
            sum += values[i];
        }
        return sum;
    }

    synchronized int locked(int limit) {
        count++;
        return loop(data, limit);
    }

    static synchronized int lockedByClass(HotTraces h, int limit) { return h.locked(limit) + h.loop(h.data, limit); }

    int block(Object lock, int limit) {
        synchronized (lock) {
            try {
                return locked(limit);
            } finally {
                count += 1000;
            }
        }
    }

    static int guarded(HotTraces h, int limit) {
        try {
            return h.block(h, limit) + lockedByClass(h, limit);
        } catch (ArrayIndexOutOfBoundsException e) {
            return -limit;
        }
    }

    static int deep(int n, int[] log) { return n == 0 ? log[0] : 1 + deep(n - 1, log); }

    static int endless(int n) { return n < 0 ? 0 : 1 + endless(n + 1); }

    int chain(int n) { return n == 0 ? next.count : next == null ? 0 : next.chain(n - 1); }

    static void show(Throwable e) {
        System.out.println(e);
        StackTraceElement[] trace = e.getStackTrace();
        for (int i = 0; i < Math.min(trace.length, 12); i++) System.out.println("  " + trace[i]);
    }

    static int apply(IntUnaryOperator op, int x) { return op.applyAsInt(x); }

    static int division(int a, int b) { return apply(x -> x / b, a) + apply(Math::negateExact, b); }

    static IntFunction<String> labelled(String label) { return i -> label + ":" + i; }

    static int streamed(List<String> texts, int n) {
        return IntStream.range(0, n).mapToObj(labelled("t")).filter(t -> !texts.contains(t)).mapToInt(String::length).sum();
    }

    static int callers(int n) {
        long found = StackWalker.getInstance().walk(frames -> frames.limit(n).filter(f -> f.getMethodName().startsWith("c")).count());
        return (int) found;
    }

    static int callCallers(int n) { return callers(n) * 10; }

    public static void main(String[] args) throws Exception {
        HotTraces h = new HotTraces();
        long check = 0;
        for (int i = 0; i < 300; i++) check += guarded(h, i % 4);
        System.out.println(check + " " + h.count);
        System.out.println(guarded(h, 5) + " " + h.count + " " + Thread.holdsLock(h) + " " + Thread.holdsLock(HotTraces.class));
        h.data = new int[10];
        for (int limit : new int[] {5, 9}) {
            try {
                System.out.println(guarded(h, limit));
            } catch (IllegalStateException e) {
                show(e);
            }
            System.out.println(h.count + " " + Thread.holdsLock(h) + " " + Thread.holdsLock(HotTraces.class));
        }
        h.data = null;
        try {
            guarded(h, 2);
        } catch (NullPointerException e) {
            show(e);
        }
        // Another thread gets the locks: they were given back as often as taken.
        Thread other = new Thread(() -> {
            h.data = new int[3];
            System.out.println("other " + guarded(h, 3));
        });
        other.start();
        other.join();

        int[] log = {5};
        for (int i = 0; i < 100; i++) check += deep(30, log);
        System.out.println(check);
        try {
            deep(4, null);
        } catch (NullPointerException e) {
            show(e);
        }
        for (int i = 0; i < 3; i++) {
            try {
                check += endless(0);
            } catch (StackOverflowError e) {
                System.out.println(e.getClass() + " " + e.getStackTrace()[3]);
            }
        }
        HotTraces last = new HotTraces();
        h.next = last;
        last.next = h;
        for (int i = 0; i < 100; i++) check += h.chain(20);
        last.next = null;
        try {
            h.chain(1);
        } catch (NullPointerException e) {
            show(e);
        }

        for (int i = 1; i < 200; i++) check += division(1000, i);
        System.out.println(check);
        try {
            division(1, 0);
        } catch (ArithmeticException e) {
            show(e);
        }
        try {
            division(1, Integer.MIN_VALUE);
        } catch (ArithmeticException e) {
            show(e);
        }
        List<String> texts = new ArrayList<>(List.of("t:3", "t:4"));
        for (int i = 0; i < 60; i++) check += streamed(texts, 20);
        System.out.println(check);
        for (int i = 0; i < 60; i++) check += callCallers(1 + i % 3);
        System.out.println(check + " " + callCallers(3));
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
    }
}
