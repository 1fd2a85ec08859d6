import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Very many threads at once, blocked in all the ways there are; a collection among them; all go on. */
public class ThreadsAtOnce {
    static final int THREADS = 1600;
    static final AtomicInteger up = new AtomicInteger();
    static final AtomicInteger down = new AtomicInteger();

    interface Blocking {
        void run() throws InterruptedException;
    }

    public static void main(String[] args) throws Exception {
        Object lock = new Object();
        Object condition = new Object();
        boolean[] go = {false};
        CountDownLatch latch = new CountDownLatch(1);
        LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        ReentrantLock owned = new ReentrantLock();
        Thread joined = new Thread(() -> await(latch));
        joined.start();
        Blocking[] ways = {
            () -> Thread.sleep(1_000_000),
            () -> { while (latch.getCount() > 0) LockSupport.park(); },
            () -> { synchronized (lock) { down.get(); } },
            () -> { synchronized (condition) { while (!go[0]) condition.wait(); } },
            () -> joined.join(),
            () -> queue.take(),
            () -> { owned.lock(); owned.unlock(); },
            () -> latch.await(1, TimeUnit.HOURS),
        };
        Thread[] threads = new Thread[THREADS];
        owned.lock();
        synchronized (lock) {
            for (int i = 0; i < THREADS; i++) {
                Blocking way = ways[i % ways.length];
                threads[i] = new Thread(() -> {
                    byte[] own = new byte[100];
                    up.incrementAndGet();
                    try {
                        way.run();
                    } catch (InterruptedException e) {
                        // The sleepers are interrupted.
                    }
                    down.addAndGet(own.length / 100);
                });
                threads[i].start();
            }
            TreeMap<Thread.State, Integer> states = new TreeMap<>();
            do {
                Thread.sleep(20);
                states.clear();
                for (Thread thread : threads) states.merge(thread.getState(), 1, Integer::sum);
            } while (states.containsKey(Thread.State.RUNNABLE) || up.get() < THREADS);
            System.out.println(up + " up: " + states);
            System.gc();
        }
        owned.unlock();
        synchronized (condition) {
            go[0] = true;
            condition.notifyAll();
        }
        latch.countDown();
        for (int i = 0; i < THREADS; i++) {
            if (i % ways.length == 0) threads[i].interrupt();
            if (i % ways.length == 1) LockSupport.unpark(threads[i]);
            if (i % ways.length == 5) queue.put(i);
        }
        for (Thread thread : threads) thread.join();
        System.out.println(down + " done, " + queue.size() + " left");
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
