import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;

/** Threads do everything at once, until the VM ends in the way of the first argument, after the milliseconds of the second. Three threads for each thing are daemons or not by the way. */
public class RandomExit {
    static volatile boolean over;
    static final Object monitor = new Object();
    static final ReentrantLock lock = new ReentrantLock();
    static final Map<Integer, String> map = new ConcurrentHashMap<>();
    static int counter;

    interface Body {
        void run() throws Exception;
    }

    static void forever(String name, boolean daemon, Body body) {
        Thread t = new Thread(() -> {
            try {
                while (!over) body.run();
            } catch (Exception e) {
                System.out.println(name + ": " + e);
            }
        }, name);
        t.setDaemon(daemon);
        t.start();
    }

    static void allocate() {
        Map<Integer, int[]> all = new HashMap<>();
        for (int i = 0; i < 500; i++) all.put(i * 31, new int[] {i, i + 1, i + 2});
        for (int i = 0; i < 500; i++) {
            int[] each = all.get(i * 31);
            if (each[0] + 1 != each[1] || each[1] + 1 != each[2]) System.out.println("CORRUPT");
        }
    }

    static void generate() throws Exception {
        Class<?>[] types = {Runnable.class, Comparable.class, CharSequence.class, Iterable.class};
        Object proxy = Proxy.newProxyInstance(new ClassLoader() {}, new Class<?>[] {types[counter++ & 3]}, (p, m, a) -> null);
        if (!Proxy.isProxyClass(proxy.getClass())) System.out.println("CORRUPT");
        Thread.sleep(1);
    }

    public static void main(String[] args) throws Exception {
        String way = args[0];
        boolean daemon = way.equals("uncaught");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        for (int i = 0; i < 2; i++) {
            forever("allocates", daemon, RandomExit::allocate);
            forever("synchronizes", daemon, () -> {
                synchronized (monitor) {
                    for (int k = 0; k < 100; k++) counter++;
                    monitor.wait(1);
                    monitor.notifyAll();
                }
            });
            forever("locks", daemon, () -> {
                lock.lock();
                try {
                    map.merge(counter & 63, "x", (a, b) -> a.length() > 100 ? b : a + b);
                } finally {
                    lock.unlock();
                }
            });
            forever("sleeps", daemon, () -> Thread.sleep(2));
        }
        forever("generates", daemon, RandomExit::generate);
        forever("collects", daemon, () -> {
            System.gc();
            Thread.sleep(5);
        });
        forever("starts", daemon, () -> {
            Thread t = new Thread(() -> map.clear());
            t.setDaemon(daemon);
            t.start();
            t.join();
        });
        ThreadFactory factory = r -> {
            Thread t = new Thread(r);
            t.setDaemon(true);
            return t;
        };
        ExecutorService pool = Executors.newFixedThreadPool(2, factory);
        forever("submits", daemon, () -> pool.submit(() -> new ArrayList<>(List.of(1, 2, 3)).toString()).get());
        Thread.sleep(Long.parseLong(args[1]));
        switch (way) {
            case "exit" -> System.exit(7);
            case "halt" -> Runtime.getRuntime().halt(8);
            case "two" -> {
                for (int i = 0; i < 2; i++) {
                    int code = 11 + i;
                    new Thread(() -> System.exit(code)).start();
                }
            }
            case "term" -> {
                System.out.println("ready");
                Thread.sleep(100_000);
            }
            case "uncaught" -> throw new IllegalStateException("main ends");
            default -> over = true;
        }
    }
}
