/**
 * Threads that wait in many ways, two deadlocks among them, seen by getAllStackTraces. It ends when its input does: until then
 * thread-dump.test.ts asks for a dump.
 */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class ThreadDumps {
    interface Body { void run() throws Exception; }

    static final List<Thread> threads = new ArrayList<>();
    static volatile boolean busy, spinning;

    /** Starts a daemon and waits until it waits. */
    static void start(String name, Thread.State state, Body body) throws Exception {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println(e);
            }
        }, name);
        t.setDaemon(true);
        t.setPriority(1 + threads.size() % 9);
        threads.add(t);
        t.start();
        while (t.getState() != state) Thread.sleep(1);
    }

    static void both(Object a, Object b, CountDownLatch first) throws Exception {
        synchronized (a) {
            first.countDown();
            first.await();
            synchronized (b) { first.await(); } // one line: HotSpot's interpreter stands behind the monitorenter already
        }
    }

    static void bothLocks(Lock a, Lock b, CountDownLatch first) throws Exception {
        a.lock();
        first.countDown();
        first.await();
        b.lock();
    }

    static synchronized void sleepLocked(int[] array) throws Exception {
        synchronized (array) {
            try {
                synchronized ("inner") {
                    if (array.length == 0) return;
                }
                Thread.sleep(1_000_000);
            } finally {
                array[0]++;
            }
        }
    }

    static synchronized void never() { System.out.println("not reached"); }

    synchronized void waits() throws Exception { wait(); }

    static void spin() { for (int i = 0; busy; i++) if (i == 1) spinning = true; }

    static int deep(int n, Object lock) throws Exception {
        if (n == 0) {
            synchronized (lock) {
                lock.wait(1_000_000);
            }
            return 0;
        }
        return deep(n - 1, lock) + 1;
    }

    public static void main(String[] args) throws Exception {
        Object one = new Object();
        String two = new String("two");
        int[] array = new int[3];
        CountDownLatch monitors = new CountDownLatch(2), locks = new CountDownLatch(2);
        ReentrantLock left = new ReentrantLock(), right = new ReentrantLock(true);
        ReentrantReadWriteLock shared = new ReentrantReadWriteLock();
        shared.writeLock().lock();
        start("dead one", Thread.State.WAITING, () -> both(one, two, monitors));
        start("dead two", Thread.State.BLOCKED, () -> both(two, one, monitors));
        while (threads.get(0).getState() != Thread.State.BLOCKED) Thread.sleep(1);
        start("lock one", Thread.State.WAITING, () -> bothLocks(left, right, locks));
        start("lock two", Thread.State.WAITING, () -> bothLocks(right, left, locks));
        start("sleeper", Thread.State.TIMED_WAITING, () -> sleepLocked(array));
        start("wants class", Thread.State.BLOCKED, ThreadDumps::never);
        start("wants array", Thread.State.BLOCKED, () -> { synchronized (array) { System.out.println("not reached"); } });
        start("waits", Thread.State.WAITING, () -> new ThreadDumps().waits());
        start("deep", Thread.State.TIMED_WAITING, () -> deep(3, one.getClass()));
        start("parked", Thread.State.WAITING, LockSupport::park);
        start("parked with a blocker", Thread.State.TIMED_WAITING, () -> LockSupport.parkNanos("blocker", 1_000_000_000_000_000L));
        start("reader", Thread.State.WAITING, () -> shared.readLock().lock());
        start("takes", Thread.State.WAITING, () -> new LinkedBlockingQueue<String>().take());
        start("joins", Thread.State.WAITING, () -> threads.get(0).join());
        busy = true;
        start("spins", Thread.State.RUNNABLE, ThreadDumps::spin);
        while (!spinning) Thread.sleep(1);
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        for (Thread t : threads) {
            StackTraceElement[] stack = all.get(t);
            System.out.println(t.getName() + " " + t.getState() + " " + stack.length);
            for (StackTraceElement e : stack) if (!e.toString().contains("Lambda")) System.out.println("    " + e.toString());
        }
        StackTraceElement[] own = Thread.currentThread().getStackTrace();
        System.out.println(own[0] + " " + own[1] + " " + all.containsKey(Thread.currentThread()) + " " + threads.get(8).getStackTrace()[3]);
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the end
        }
        System.out.println("goes on");
    }
}
