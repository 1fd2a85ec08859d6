import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** What locks and other ways of threads to meet cost. Prints a line for each: its name, and the best time of a turn in ns. Arguments: milliseconds each, pattern. */
public class Locks {
    interface Body {
        void run(int count) throws Exception;
    }

    static long milliseconds;
    static String pattern;

    /** The body does so many turns in all, however many threads it has. */
    static void measure(String name, int first, Body body) throws Exception {
        if (!name.matches(".*(" + pattern + ").*")) return;
        int count = first;
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + milliseconds * 1_000_000;
        for (int batch = 0; batch < 5 || System.nanoTime() < end; batch++) {
            long start = System.nanoTime();
            body.run(count);
            long spent = System.nanoTime() - start;
            best = Math.min(best, (double) spent / count);
            if (spent < 10_000_000 && count < 1 << 26) count *= 2;
        }
        System.out.printf("%s: %.2f%n", name, best);
    }

    /** So many threads, each with its share of the turns. */
    static void together(int threads, int count, Body body) throws Exception {
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            new Thread(() -> {
                try {
                    body.run(count / threads);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                done.countDown();
            }).start();
        }
        done.await();
    }

    static final Object lock = new Object();
    /** Two in turns: a compiler cannot join the blocks of several turns to one. */
    static final Object[] locks = {new Object(), new Object()};
    static final ReentrantLock reentrant = new ReentrantLock();
    static final AtomicInteger atomic = new AtomicInteger();
    static final AtomicLong wide = new AtomicLong();
    static volatile int volatileInt;
    static int counter;
    static Object kept;

    static synchronized void method() {
        counter++;
    }

    static void block(int n) {
        for (int i = 0; i < n; i++) {
            synchronized (locks[i & 1]) {
                counter++;
            }
        }
    }

    static void oneLock(int n) {
        for (int i = 0; i < n; i++) {
            synchronized (lock) {
                counter++;
            }
        }
    }

    static void recursive(int depth) {
        synchronized (lock) {
            counter++;
            if (depth > 1) recursive(depth - 1);
        }
    }

    static void reentrant(int n) {
        for (int i = 0; i < n; i++) {
            reentrant.lock();
            try {
                counter++;
            } finally {
                reentrant.unlock();
            }
        }
    }

    static boolean turn;

    static void pingPong(boolean mine, int n) throws InterruptedException {
        synchronized (lock) {
            for (int i = 0; i < n; i++) {
                while (turn != mine) lock.wait();
                turn = !mine;
                lock.notify();
            }
        }
    }

    static void semaphores(int count) throws Exception {
        Semaphore ping = new Semaphore(0), pong = new Semaphore(0);
        Thread other = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                ping.acquireUninterruptibly();
                pong.release();
            }
        });
        other.start();
        for (int i = 0; i < count; i++) {
            ping.release();
            pong.acquire();
        }
        other.join();
    }

    static int work(int n) {
        int x = 1;
        for (int i = 0; i < n; i++) {
            x ^= x << 13;
            x ^= x >>> 17;
            x ^= x << 5;
        }
        return x;
    }

    static class Node {
        final Node left, right;
        Node(Node left, Node right) {
            this.left = left;
            this.right = right;
        }
    }

    static Node tree(int depth) {
        return depth == 0 ? new Node(null, null) : new Node(tree(depth - 1), tree(depth - 1));
    }

    static void trees(int n) {
        for (int i = 0; i < n; i += 512) if (tree(8).left == null) throw new IllegalStateException();
    }

    public static void main(String[] args) throws Exception {
        milliseconds = Long.parseLong(args[0]);
        pattern = args.length > 1 ? args[1] : "";
        measure("synchronized block", 100_000, n -> block(n));
        measure("synchronized method", 100_000, n -> {
            for (int i = 0; i < n; i++) method();
        });
        measure("synchronized, new object each time", 100_000, n -> {
            for (int i = 0; i < n; i++) {
                kept = new int[1];
                synchronized (kept) {
                    counter++;
                }
            }
        });
        measure("identity hash of a locked new object", 100_000, n -> {
            for (int i = 0; i < n; i++) {
                kept = new int[1];
                synchronized (kept) {
                    counter += kept.hashCode();
                }
            }
        });
        measure("synchronized, 10 deep", 10_000, n -> {
            for (int i = 0; i < n; i++) recursive(10);
        });
        Object hashed = new Object();
        int hash = hashed.hashCode();
        measure("synchronized, object with a hash", 100_000, n -> {
            for (int i = 0; i < n; i++) {
                synchronized (hashed) {
                    counter += hash;
                }
            }
        });
        measure("ReentrantLock", 100_000, n -> reentrant(n));
        measure("volatile load", 1_000_000, n -> {
            int sum = 0;
            for (int i = 0; i < n; i++) sum += volatileInt;
            counter = sum;
        });
        measure("volatile store", 1_000_000, n -> {
            for (int i = 0; i < n; i++) volatileInt = i;
        });
        measure("volatile increment", 1_000_000, n -> {
            for (int i = 0; i < n; i++) volatileInt++;
        });
        measure("AtomicInteger.lazySet", 1_000_000, n -> {
            for (int i = 0; i < n; i++) atomic.lazySet(i);
        });
        measure("AtomicInteger.incrementAndGet", 1_000_000, n -> {
            for (int i = 0; i < n; i++) atomic.incrementAndGet();
        });
        measure("compareAndSet loop", 1_000_000, n -> {
            for (int i = 0; i < n; i++) {
                long seen;
                do {
                    seen = wide.get();
                } while (!wide.compareAndSet(seen, seen * 31 + 7));
            }
        });
        measure("synchronized, 2 threads, one lock", 100_000, n -> together(2, n, k -> oneLock(k)));
        measure("synchronized, 8 threads, one lock", 100_000, n -> together(8, n, k -> oneLock(k)));
        measure("ReentrantLock, 2 threads", 100_000, n -> together(2, n, k -> reentrant(k)));
        measure("ReentrantLock, 8 threads", 100_000, n -> together(8, n, k -> reentrant(k)));
        measure("compareAndSet loop, 2 threads", 100_000, n -> together(2, n, k -> {
            for (int i = 0; i < k; i++) wide.updateAndGet(seen -> seen * 31 + 7);
        }));
        LongAdder adder = new LongAdder();
        measure("LongAdder, 2 threads", 100_000, n -> together(2, n, k -> {
            for (int i = 0; i < k; i++) adder.increment();
        }));
        measure("wait and notify, to and fro", 1000, n -> {
            Thread other = new Thread(() -> {
                try {
                    pingPong(true, n);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            other.start();
            pingPong(false, n);
            other.join();
        });
        measure("semaphores, to and fro", 1000, Locks::semaphores);
        measure("unpark oneself and park", 10_000, n -> {
            for (int i = 0; i < n; i++) {
                LockSupport.unpark(Thread.currentThread());
                LockSupport.park();
            }
        });
        measure("start and join a thread", 100, n -> {
            for (int i = 0; i < n; i++) {
                Thread t = new Thread(() -> counter++);
                t.start();
                t.join();
            }
        });
        measure("computing, 1 thread", 10_000_000, n -> counter = work(n));
        measure("computing, 2 threads", 10_000_000, n -> together(2, n, k -> counter = work(k)));
        measure("allocating, 1 thread", 1_000_000, n -> trees(n));
        measure("allocating, 2 threads", 1_000_000, n -> together(2, n, k -> trees(k)));
    }
}
