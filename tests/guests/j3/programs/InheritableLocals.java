// suite: once
/** ThreadLocal and InheritableThreadLocal: inheritance, childValue, threads that want none, removal, initial values that fail, many at once. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class InheritableLocals {
    static final InheritableThreadLocal<List<String>> TRAIL = new InheritableThreadLocal<>() {
        @Override protected List<String> initialValue() { return new ArrayList<>(List.of("start")); }
        @Override protected List<String> childValue(List<String> parent) {
            List<String> copy = new ArrayList<>(parent);
            copy.add("child");
            return copy;
        }
    };
    static final InheritableThreadLocal<String> PLAIN = new InheritableThreadLocal<>();

    static void run(Thread t) throws InterruptedException {
        t.start();
        t.join();
    }

    public static void main(String[] args) throws Exception {
        PLAIN.set("of main");
        System.out.println(TRAIL.get() + " " + PLAIN.get());
        run(new Thread(() -> {
            System.out.println(TRAIL.get() + " " + PLAIN.get());
            PLAIN.set("changed");
            Thread grandchild = new Thread(() -> System.out.println(TRAIL.get() + " " + PLAIN.get()));
            try {
                run(grandchild);
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        }));
        System.out.println(TRAIL.get() + " " + PLAIN.get());
        run(new Thread(null, () -> System.out.println(TRAIL.get() + " " + PLAIN.get()), "none", 0, false));
        PLAIN.remove();
        run(new Thread(() -> System.out.println(PLAIN.get())));
        // Values are taken when the thread is made, not when it starts.
        PLAIN.set("when made");
        Thread late = new Thread(() -> System.out.println(PLAIN.get()));
        PLAIN.set("when started");
        run(late);
        ThreadLocal<int[]> counter = ThreadLocal.withInitial(() -> new int[1]);
        AtomicInteger sum = new AtomicInteger();
        Thread[] threads = new Thread[16];
        for (int i = 0; i < threads.length; i++) {
            int times = i * 100;
            threads[i] = new Thread(() -> {
                for (int k = 0; k < times; k++) counter.get()[0]++;
                sum.addAndGet(counter.get()[0]);
            });
            threads[i].start();
        }
        for (Thread t : threads) t.join();
        System.out.println(sum + " " + counter.get()[0]);
        ThreadLocal<String> failing = ThreadLocal.withInitial(() -> { throw new IllegalStateException("no value"); });
        try {
            failing.get();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        failing.set("set");
        System.out.println(failing.get());
        // Thousands of them in one thread, most of them garbage: the map cleans itself.
        List<ThreadLocal<Integer>> kept = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            ThreadLocal<Integer> local = new ThreadLocal<>();
            local.set(i);
            if (i % 1000 == 0) kept.add(local);
            if (i % 5000 == 0) System.gc();
        }
        long total = 0;
        for (ThreadLocal<Integer> local : kept) total += local.get();
        System.out.println(total);
        for (ThreadLocal<Integer> local : kept) local.remove();
        System.out.println(kept.get(3).get());
        ExecutorService pool = Executors.newFixedThreadPool(1);
        ThreadLocal<String> request = new ThreadLocal<>();
        pool.submit(() -> request.set("first")).get();
        System.out.println(pool.submit(request::get).get());
        pool.submit(request::remove).get();
        System.out.println(pool.submit(request::get).get());
        pool.shutdown();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        boolean fits = true;
        for (int i = 0; i < 1000; i++) {
            int n = random.nextInt(5, 10);
            double d = random.nextDouble(2.0);
            fits &= n >= 5 && n < 10 && d >= 0 && d < 2;
        }
        Set<Long> firsts = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 8; i++) run(new Thread(() -> firsts.add(ThreadLocalRandom.current().nextLong())));
        System.out.println(fits + " " + firsts.size() + " " + random.ints(10, 0, 3).allMatch(n -> n >= 0 && n < 3));
        try {
            random.setSeed(1);
        } catch (UnsupportedOperationException e) {
            System.out.println("no seed");
        }
    }
}
