/** Interrupts in every kind of wait, states of threads, joins with time-outs, park permits, holdsLock. */
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

public class ThreadInterrupts {
    static Thread start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.start();
        return thread;
    }

    static void await(Thread thread, Thread.State state) throws InterruptedException {
        while (thread.getState() != state) Thread.sleep(1);
        System.out.println(thread.getName() + " is " + state);
    }

    public static void main(String[] args) throws Exception {
        Object lock = new Object();
        Thread sleeper = start("sleeper", () -> {
            try {
                Thread.sleep(100000);
            } catch (InterruptedException e) {
                System.out.println("sleeper: " + e + " " + Thread.currentThread().isInterrupted());
            }
        });
        await(sleeper, Thread.State.TIMED_WAITING);
        sleeper.interrupt();
        sleeper.join();
        System.out.println(sleeper.getState() + " " + sleeper.isAlive());

        Thread waiter = start("waiter", () -> {
            synchronized (lock) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    System.out.println("waiter: " + e + " " + Thread.holdsLock(lock) + " " + Thread.interrupted());
                }
            }
        });
        await(waiter, Thread.State.WAITING);
        waiter.interrupt();
        waiter.join();

        Thread parker = start("parker", () -> {
            LockSupport.park();
            System.out.println("parker: " + Thread.currentThread().isInterrupted());
            LockSupport.park(); // comes back at once: still interrupted
            System.out.println("parker: " + Thread.interrupted() + " " + Thread.interrupted());
            LockSupport.unpark(Thread.currentThread());
            LockSupport.park(); // comes back at once: a permit
            LockSupport.parkNanos(1000000);
            System.out.println("parker ends");
        });
        await(parker, Thread.State.WAITING);
        parker.interrupt();
        parker.join();

        CountDownLatch held = new CountDownLatch(1);
        Thread[] blocked = new Thread[1];
        synchronized (lock) {
            blocked[0] = start("blocked", () -> {
                held.countDown();
                synchronized (lock) {
                    System.out.println("blocked got the lock");
                }
            });
            held.await();
            await(blocked[0], Thread.State.BLOCKED);
            blocked[0].join(20);
            System.out.println("still alive: " + blocked[0].isAlive());
        }
        blocked[0].join();

        Thread.currentThread().interrupt();
        try {
            Thread.sleep(10);
            System.out.println("not reached");
        } catch (InterruptedException e) {
            System.out.println(e.getMessage() + " " + Thread.interrupted());
        }
        Thread.currentThread().interrupt();
        try {
            synchronized (lock) { lock.wait(10); }
        } catch (InterruptedException e) {
            System.out.println(e.getMessage());
        }
        for (Runnable wrong : new Runnable[] {
            () -> lock.notify(),
            () -> lock.notifyAll(),
            () -> { try { lock.wait(); } catch (InterruptedException e) { throw new Error(e); } },
            () -> { try { lock.wait(-1); } catch (InterruptedException e) { throw new Error(e); } },
            () -> { try { lock.wait(1, 1000000); } catch (InterruptedException e) { throw new Error(e); } },
            () -> { try { Thread.sleep(-1); } catch (InterruptedException e) { throw new Error(e); } },
            () -> Thread.holdsLock(null),
        }) {
            try {
                wrong.run();
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        synchronized (lock) {
            long start = System.nanoTime();
            lock.wait(30);
            long waited = (System.nanoTime() - start) / 1000000;
            System.out.println(waited >= 29 && waited < 5000);
        }
        Thread fresh = new Thread(() -> {});
        fresh.interrupt();
        System.out.println(fresh.getState() + " " + fresh.isInterrupted());
        long before = System.currentTimeMillis();
        LockSupport.parkUntil(before + 20);
        System.out.println(System.currentTimeMillis() - before >= 19);
        Thread.onSpinWait();
        Thread.yield();
    }
}
