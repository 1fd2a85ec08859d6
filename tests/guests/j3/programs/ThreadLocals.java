/** ThreadLocal and InheritableThreadLocal, per-thread values, removal, and class initialisation raced by threads. */
import java.util.concurrent.CountDownLatch;

public class ThreadLocals {
    static final ThreadLocal<Integer> NUMBER = ThreadLocal.withInitial(() -> 1);
    static final InheritableThreadLocal<String> NAME = new InheritableThreadLocal<>() {
        @Override protected String childValue(String parent) { return parent + "'s child"; }
    };

    static class Slow {
        static int initialised;
        static final int VALUE;
        static {
            initialised++;
            try {
                Thread.sleep(30);
            } catch (InterruptedException e) {
                throw new RuntimeException(e);
            }
            VALUE = 99;
        }
    }

    static class Failing {
        static int value;
        static {
            if (true) throw new IllegalStateException("init fails");
        }
    }

    public static void main(String[] args) throws Exception {
        NAME.set("main");
        NUMBER.set(10);
        String[] results = new String[4];
        Thread[] threads = new Thread[4];
        for (int i = 0; i < 4; i++) {
            int id = i;
            threads[i] = new Thread(() -> {
                for (int k = 0; k < 100; k++) NUMBER.set(NUMBER.get() + id);
                results[id] = NUMBER.get() + " " + NAME.get();
                NUMBER.remove();
                results[id] += " " + NUMBER.get();
            });
            threads[i].start();
        }
        for (Thread t : threads) t.join();
        for (String r : results) System.out.println(r);
        System.out.println(NUMBER.get() + " " + NAME.get());
        CountDownLatch go = new CountDownLatch(1);
        int[] seen = new int[5];
        int[] failed = new int[2];
        Thread[] racers = new Thread[5];
        for (int i = 0; i < 5; i++) {
            int id = i;
            racers[i] = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                seen[id] = Slow.VALUE + Slow.initialised;
                try {
                    Failing.value++;
                } catch (ExceptionInInitializerError e) {
                    synchronized (failed) { failed[0]++; }
                } catch (NoClassDefFoundError e) {
                    synchronized (failed) { failed[1]++; }
                }
            });
            racers[i].start();
        }
        go.countDown();
        for (Thread r : racers) r.join();
        System.out.println(seen[0] + " " + seen[1] + " " + seen[2] + " " + seen[3] + " " + seen[4] + " failed " + failed[0] + " then " + failed[1]);
        ThreadLocal<StringBuilder> many = ThreadLocal.withInitial(StringBuilder::new);
        for (int i = 0; i < 100; i++) {
            ThreadLocal<Integer> garbage = new ThreadLocal<>();
            garbage.set(i);
            many.get().append(garbage.get() % 10);
        }
        System.out.println(many.get().length());
    }
}
