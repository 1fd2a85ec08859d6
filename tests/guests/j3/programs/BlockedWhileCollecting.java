/** Threads that are blocked in every way while others collect: they come back with what they held, whole. */
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

public class BlockedWhileCollecting {
    interface Wait {
        void run() throws Exception;
    }

    static final List<Thread> threads = new ArrayList<>();
    static final AtomicInteger whole = new AtomicInteger();
    static final CountDownLatch ready = new CountDownLatch(16);

    /** The thread holds a list in its frames while it waits. */
    static void blocked(String name, Wait wait) {
        Thread t = new Thread(() -> {
            List<int[]> held = new ArrayList<>();
            for (int i = 0; i < 100; i++) held.add(new int[] {i, i * i});
            String text = "held by " + name;
            ready.countDown();
            try {
                wait.run();
            } catch (Exception e) {
                System.out.println(name + ": " + e);
            }
            int sum = 0;
            for (int i = 0; i < 100; i++) if (held.get(i)[1] == i * i && held.get(i)[0] == i) sum++;
            if (sum == 100 && text.equals("held by " + name)) whole.incrementAndGet();
            else System.out.println(name + " lost " + (100 - sum));
        }, name);
        threads.add(t);
        t.start();
    }

    static Object[] garbage() {
        Object[] list = null;
        for (int i = 0; i < 2000; i++) list = new Object[] {i % 100 == 0 ? null : list, new byte[64], i};
        return list;
    }

    public static void main(String[] args) throws Exception {
        Object monitor = new Object(), notified = new Object();
        AtomicBoolean over = new AtomicBoolean();
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        Semaphore semaphore = new Semaphore(0);
        CountDownLatch latch = new CountDownLatch(1);
        CyclicBarrier barrier = new CyclicBarrier(2);
        ArrayBlockingQueue<Object> empty = new ArrayBlockingQueue<>(1), full = new ArrayBlockingQueue<>(1);
        full.add(1);
        SynchronousQueue<Object> hand = new SynchronousQueue<>();
        Exchanger<Object> exchanger = new Exchanger<>();
        FutureTask<Object> task = new FutureTask<>(() -> 1);
        PipedOutputStream out = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(out);
        Thread joined = new Thread(LockSupport::park);
        joined.start();

        lock.lock();
        synchronized (monitor) {
            blocked("monitor", () -> {
                synchronized (monitor) {
                    monitor.notifyAll();
                }
            });
            blocked("wait", () -> {
                synchronized (notified) {
                    while (!over.get()) notified.wait();
                }
            });
            blocked("timed wait", () -> {
                synchronized (notified) {
                    while (!over.get()) notified.wait(100_000);
                }
            });
            blocked("sleep", () -> {
                try {
                    Thread.sleep(100_000);
                } catch (InterruptedException e) {
                    whole.incrementAndGet();
                }
            });
            blocked("park", () -> {
                while (!over.get()) LockSupport.park(monitor);
            });
            blocked("join", joined::join);
            blocked("lock", () -> {
                lock.lock();
                lock.unlock();
            });
            blocked("semaphore", semaphore::acquire);
            blocked("latch", latch::await);
            blocked("barrier", barrier::await);
            blocked("take", empty::take);
            blocked("put", () -> full.put(2));
            blocked("hand over", () -> hand.put(3));
            blocked("exchange", () -> exchanger.exchange(4));
            blocked("future", task::get);
            blocked("pipe", in::read);
            ready.await();
            Thread busy = new Thread(() -> {
                while (!over.get()) garbage();
            });
            busy.start();
            for (int i = 0; i < 12; i++) {
                garbage();
                System.gc();
            }
            over.set(true);
            busy.join();
        }
        lock.unlock();
        synchronized (notified) {
            notified.notifyAll();
        }
        threads.get(3).interrupt();
        LockSupport.unpark(threads.get(4));
        LockSupport.unpark(joined);
        semaphore.release();
        latch.countDown();
        barrier.await();
        empty.put(5);
        full.take();
        hand.take();
        exchanger.exchange(6);
        task.run();
        out.write(7);
        for (Thread t : threads) t.join(60_000);
        for (Thread t : threads) if (t.isAlive()) System.out.println(t.getName() + " is blocked for ever: " + t.getState());
        System.out.println(whole + " of " + (threads.size() + 1) + " whole");
    }
}
