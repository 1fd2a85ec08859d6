// suite: once
/** Thread.getState as another thread sees it, in each way of waiting, from NEW to TERMINATED. */
import java.lang.Thread.State;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class ThreadStates {
    interface Body { void run() throws Exception; }

    static Thread start(String name, Body body) {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println(name + ": " + e);
            }
        }, name);
        System.out.print(name + ": " + t.getState());
        t.start();
        return t;
    }

    /** Waits until the thread is in the state, then does what wakes it. */
    static void see(Thread t, State state, Body wake) throws Exception {
        while (t.getState() != state) Thread.sleep(1);
        System.out.print(" " + t.getState() + " alive " + t.isAlive());
        wake.run();
        t.join();
        System.out.println(" " + t.getState() + " alive " + t.isAlive());
    }

    static volatile boolean stop;

    public static void main(String[] args) throws Exception {
        Object lock = new Object();
        see(start("running", () -> { while (!stop) Thread.onSpinWait(); }), State.RUNNABLE, () -> stop = true);
        Thread sleeper = start("sleep", () -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                // that is how it ends
            }
        });
        see(sleeper, State.TIMED_WAITING, sleeper::interrupt);
        Body wake = () -> { synchronized (lock) { lock.notifyAll(); } };
        see(start("wait", () -> { synchronized (lock) { lock.wait(); } }), State.WAITING, wake);
        see(start("timed wait", () -> { synchronized (lock) { lock.wait(1_000_000); } }), State.TIMED_WAITING, wake);
        Thread parked = start("park", LockSupport::park);
        see(parked, State.WAITING, () -> LockSupport.unpark(parked));
        Thread nanos = start("parkNanos", () -> LockSupport.parkNanos(1_000_000_000_000L));
        see(nanos, State.TIMED_WAITING, () -> LockSupport.unpark(nanos));
        Thread until = start("parkUntil", () -> LockSupport.parkUntil(System.currentTimeMillis() + 1_000_000));
        see(until, State.TIMED_WAITING, () -> LockSupport.unpark(until));
        CountDownLatch end = new CountDownLatch(1);
        Thread target = new Thread(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        target.start();
        Thread timed = start("timed join", () -> target.join(1_000_000));
        while (timed.getState() != State.TIMED_WAITING) Thread.sleep(1);
        System.out.println(" " + timed.getState());
        see(start("join", target::join), State.WAITING, end::countDown);
        timed.join();
        Thread blocked;
        synchronized (lock) {
            blocked = start("enter", () -> { synchronized (lock) { lock.notify(); } });
            while (blocked.getState() != State.BLOCKED) Thread.sleep(1);
            System.out.print(" " + blocked.getState());
        }
        blocked.join();
        System.out.println(" " + blocked.getState());
        // Notified, but the lock is not free: BLOCKED again, and again when the wait had a limit.
        for (long limit : new long[] {0, 1_000_000}) {
            Thread back = start("wait " + limit, () -> { synchronized (lock) { lock.wait(limit); } });
            while (back.getState() != (limit == 0 ? State.WAITING : State.TIMED_WAITING)) Thread.sleep(1);
            synchronized (lock) {
                lock.notify();
                while (back.getState() != State.BLOCKED) Thread.sleep(1);
                System.out.print(" " + back.getState());
            }
            back.join();
            System.out.println(" " + back.getState());
        }
        // A time-out that finds the lock taken.
        Thread late = start("late", () -> { synchronized (lock) { lock.wait(20); } });
        while (late.getState() != State.TIMED_WAITING && late.getState() != State.TERMINATED) Thread.onSpinWait();
        synchronized (lock) {
            while (late.getState() == State.TIMED_WAITING) Thread.sleep(1);
            System.out.print(" back");
        }
        late.join();
        System.out.println(" " + late.getState());
        ReentrantLock reentrant = new ReentrantLock();
        reentrant.lock();
        Thread locker = start("lock()", () -> { reentrant.lock(); reentrant.unlock(); });
        see(locker, State.WAITING, reentrant::unlock);
        Thread idle = new Thread(() -> {});
        idle.interrupt();
        System.out.println(idle.getState() + " " + idle.isInterrupted() + " " + idle.isAlive() + " " + idle.getStackTrace().length);
        System.out.println(Thread.currentThread().getState() + " " + java.util.Arrays.toString(State.values()));
    }
}
