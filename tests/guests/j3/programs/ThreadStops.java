// suite: once
/** Thread.stop, suspend and resume: deprecated, and as java does them: ThreadDeath wherever the thread is; locks are given up, finally runs. */
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

@SuppressWarnings({"deprecation", "removal"})
public class ThreadStops {
    interface Body { void run() throws Exception; }

    static final Object lock = new Object();
    static volatile boolean ready, never;
    static volatile long count;
    static long plain;

    static Thread start(String name, Body body) {
        ready = false;
        Thread t = new Thread(() -> {
            try {
                body.run();
                System.out.println(name + " returned");
            } catch (Exception e) {
                System.out.println(name + " " + e);
            } finally {
                System.out.println(name + " finally");
            }
        }, name);
        t.start();
        return t;
    }

    static void stop(Thread t, Thread.State state) throws Exception {
        while (!ready || t.getState() != state) Thread.sleep(1);
        t.stop();
        t.join();
        System.out.println(t.getName() + " " + t.getState() + " " + Thread.holdsLock(lock));
    }

    static void spin() { while (!never) plain++; }

    static void calls() { while (!never) count(); }

    static void count() { count++; }

    public static void main(String[] args) throws Exception {
        stop(start("sleeps", () -> { ready = true; Thread.sleep(1_000_000); }), Thread.State.TIMED_WAITING);
        stop(start("waits", () -> { synchronized (lock) { ready = true; lock.wait(); } }), Thread.State.WAITING);
        stop(start("parks", () -> { ready = true; LockSupport.park(); while (true) count(); }), Thread.State.WAITING);
        stop(start("spins", () -> { ready = true; spin(); }), Thread.State.RUNNABLE);
        stop(start("calls", () -> { ready = true; calls(); }), Thread.State.RUNNABLE);
        stop(start("holds", () -> { synchronized (lock) { ready = true; calls(); } }), Thread.State.RUNNABLE);
        synchronized (lock) {
            System.out.println("the lock is free");
        }
        Thread blocked;
        synchronized (lock) {
            blocked = start("blocked", () -> { ready = true; synchronized (lock) { calls(); System.out.println("not reached"); } });
            while (!ready || blocked.getState() != Thread.State.BLOCKED) Thread.sleep(1);
            blocked.stop();
            Thread.sleep(5);
            System.out.println("stopped, and " + blocked.getState());
        }
        blocked.join();
        // One that survives.
        CountDownLatch again = new CountDownLatch(1);
        Thread survivor = start("survivor", () -> {
            try {
                ready = true;
                calls();
            } catch (ThreadDeath e) {
                System.out.println("caught " + e + " " + e.getStackTrace()[0].getMethodName());
                Thread.interrupted();
            }
            again.await();
        });
        while (!ready) Thread.sleep(1);
        survivor.stop();
        while (survivor.getState() != Thread.State.WAITING) Thread.sleep(1);
        again.countDown();
        survivor.join();
        Thread fresh = new Thread(() -> System.out.println("never runs"), "fresh");
        fresh.stop();
        System.out.println(fresh.getState());
        fresh.start();
        fresh.join();
        System.out.println(fresh.getState());
        fresh.stop();
        Thread self = start("self", () -> Thread.currentThread().stop());
        self.join();
        Thread uncaught = new Thread(() -> { ready = true; calls(); }, "uncaught");
        uncaught.setUncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + " died of " + e.getClass().getName()));
        ready = false;
        uncaught.start();
        while (!ready) Thread.sleep(1);
        uncaught.stop();
        uncaught.join();
        // Suspended: it does not move, and keeps what it has locked.
        Thread counter = start("counter", () -> { ready = true; try { calls(); } catch (ThreadDeath e) { System.out.println("counted"); } });
        while (!ready) Thread.sleep(1);
        counter.suspend();
        counter.suspend();
        Thread.sleep(10);
        long before = count;
        Thread.sleep(20);
        System.out.println("moved " + (count - before) + " " + counter.isAlive() + " " + counter.getState());
        counter.resume();
        while (count == before) Thread.sleep(1);
        counter.suspend();
        counter.stop();
        counter.join();
        Thread owner = start("owner", () -> { synchronized (lock) { ready = true; while (!never) count(); } });
        while (!ready) Thread.sleep(1);
        owner.suspend();
        Thread wants = start("wants", () -> { ready = true; synchronized (lock) { owner.join(); System.out.println("has it"); } });
        while (!ready || wants.getState() != Thread.State.BLOCKED) Thread.sleep(1);
        wants.join(20);
        System.out.println(wants.getState());
        never = true;
        owner.resume();
        owner.join();
        wants.join();
        Thread suspends = start("suspends itself", () -> { ready = true; Thread.currentThread().suspend(); System.out.println("goes on"); });
        while (!ready) Thread.sleep(1);
        Thread.sleep(20);
        System.out.println("waits for a resume");
        while (suspends.isAlive()) {
            suspends.resume();
            Thread.sleep(1);
        }
        Thread sleeper = start("sleeper", () -> { ready = true; Thread.sleep(20); });
        sleeper.suspend();
        Thread.sleep(60);
        System.out.println(sleeper.isAlive());
        sleeper.resume();
        sleeper.join();
        new Thread().suspend();
        sleeper.resume();
        sleeper.suspend();
        try {
            Thread.class.getMethod("stop", Throwable.class);
        } catch (NoSuchMethodException e) {
            System.out.println("no other stop");
        }
    }
}
