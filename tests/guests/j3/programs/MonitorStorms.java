/** Object monitors under threads: recursion, storms of notify, hand-over in turns, wrong uses, exceptions out of synchronized, class initialisers. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class MonitorStorms {
    interface Body { void run() throws Exception; }

    static Thread start(Body body) {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println(e);
            }
        });
        t.start();
        return t;
    }

    static void wrong(String what, Body body) {
        try {
            body.run();
            System.out.println(what + ": done");
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    static int depth(Object lock, int n) {
        synchronized (lock) {
            return n == 0 ? 0 : 1 + depth(lock, n - 1);
        }
    }

    int total;

    synchronized void add(int n, boolean fail) {
        total += n;
        if (fail) throw new IllegalStateException("in a synchronized method");
    }

    static class Initialised {
        static final AtomicInteger runs = new AtomicInteger();
        static int value;
        static {
            runs.incrementAndGet();
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                System.out.println(e);
            }
            value = 42;
        }
    }

    static class Failing {
        static int value;
        static { if (value == 0) throw new IllegalArgumentException("initialiser"); }
    }

    public static void main(String[] args) throws Exception {
        Object lock = new Object();
        System.out.println(depth(lock, 1500) + " " + Thread.holdsLock(lock));
        AtomicInteger deep = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) threads.add(start(() -> { for (int k = 0; k < 20; k++) deep.addAndGet(depth(lock, 100)); }));
        for (Thread t : threads) t.join();
        System.out.println(deep);
        // A wait within many holds gives them all up, and gets them all back.
        boolean[] go = new boolean[1];
        int[] held = new int[1];
        Thread nested = start(() -> {
            synchronized (lock) {
                synchronized (lock) {
                    synchronized (lock) {
                        while (!go[0]) lock.wait();
                        held[0]++;
                    }
                    lock.notifyAll();
                }
                lock.notifyAll();
            }
            System.out.println("given up: " + !Thread.holdsLock(lock));
        });
        while (nested.getState() != Thread.State.WAITING) Thread.yield();
        synchronized (lock) {
            go[0] = true;
            lock.notify();
        }
        nested.join();
        // Notifies are for those who wait, one each.
        int[] tokens = new int[2];
        List<Thread> takers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            takers.add(start(() -> {
                for (int k = 0; k < 50; k++) {
                    synchronized (lock) {
                        while (tokens[0] == 0) lock.wait();
                        tokens[0]--;
                        tokens[1]++;
                    }
                }
            }));
        }
        for (int i = 0; i < 300; i++) {
            synchronized (lock) {
                tokens[0]++;
                lock.notify();
            }
            if (i % 50 == 0) Thread.yield();
        }
        for (Thread t : takers) t.join();
        System.out.println(tokens[0] + " " + tokens[1]);
        // In turns around a ring.
        int[] turn = new int[1];
        StringBuffer ring = new StringBuffer();
        threads.clear();
        for (int i = 0; i < 5; i++) {
            int me = i;
            threads.add(start(() -> {
                for (int k = 0; k < 20; k++) {
                    synchronized (ring) {
                        while (turn[0] % 5 != me) ring.wait(k % 2 == 0 ? 0 : 1_000);
                        if (k < 2) ring.append(me);
                        turn[0]++;
                        ring.notifyAll();
                    }
                }
            }));
        }
        for (Thread t : threads) t.join();
        System.out.println(ring + " " + turn[0]);
        wrong("wait", () -> lock.wait());
        wrong("notify", lock::notify);
        wrong("notify in another's lock", () -> { synchronized (new Object()) { lock.notifyAll(); } });
        Body nothing = () -> { Object none = null; synchronized (none) { System.out.println("not reached"); } };
        wrong("null", () -> { try { nothing.run(); } catch (NullPointerException e) { throw new Exception("null pointer"); } });
        wrong("negative", () -> { synchronized (lock) { lock.wait(-1); } });
        wrong("nanos", () -> { synchronized (lock) { lock.wait(0, 1_000_000); } });
        wrong("one nano", () -> { synchronized (lock) { lock.wait(0, 1); } });
        MonitorStorms storm = new MonitorStorms();
        AtomicInteger failures = new AtomicInteger();
        threads.clear();
        for (int i = 0; i < 4; i++) {
            threads.add(start(() -> {
                for (int k = 0; k < 250; k++) {
                    try {
                        storm.add(1, k % 10 == 0);
                    } catch (IllegalStateException e) {
                        failures.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread t : threads) t.join();
        System.out.println(storm.total + " " + failures + " " + Thread.holdsLock(storm));
        // Identity hashes stay what they are, whatever is locked.
        Map<Object, Integer> hashes = new IdentityHashMap<>();
        for (int i = 0; i < 200; i++) {
            Object o = new Object();
            if (i % 2 == 0) hashes.put(o, System.identityHashCode(o));
            synchronized (o) {
                hashes.putIfAbsent(o, System.identityHashCode(o));
                o.notify();
            }
        }
        boolean same = true;
        for (Map.Entry<Object, Integer> e : hashes.entrySet()) same &= System.identityHashCode(e.getKey()) == e.getValue();
        System.out.println(hashes.size() + " " + same);
        // One thread initialises a class, the others wait; when it fails, all hear of it.
        AtomicInteger sum = new AtomicInteger(), errors = new AtomicInteger();
        threads.clear();
        for (int i = 0; i < 6; i++) {
            threads.add(start(() -> {
                sum.addAndGet(Initialised.value);
                try {
                    sum.addAndGet(Failing.value);
                } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
                    errors.incrementAndGet();
                }
            }));
        }
        for (Thread t : threads) t.join();
        System.out.println(sum + " " + Initialised.runs + " " + errors);
        // An overflow of the stack in the middle of synchronized blocks leaves no lock behind.
        threads.clear();
        for (int i = 0; i < 2; i++) {
            threads.add(start(() -> {
                try {
                    depth(lock, 10_000_000);
                } catch (StackOverflowError e) {
                    System.out.println("overflow, holds " + Thread.holdsLock(lock));
                }
            }));
        }
        for (Thread t : threads) t.join();
        Thread free = start(() -> { synchronized (lock) { System.out.println("free"); } });
        free.join();
    }
}
