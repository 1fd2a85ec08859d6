/** Mutual exclusion: synchronized methods and blocks, contention, reentrance, exceptions leaving monitors, static locks. */
public class SynchronizedCounter {
    int a, b;
    static int shared;
    final Object lock = new Object();

    synchronized void both() {
        a++;
        nested();
        b++;
    }

    synchronized void nested() {
        synchronized (this) {
            if (a != b + 1) throw new IllegalStateException("torn");
        }
    }

    static synchronized int addShared(int n) {
        for (int i = 0; i < n; i++) shared++;
        return shared;
    }

    int guarded(int i) {
        synchronized (lock) {
            if (i % 100 == 0) throw new ArithmeticException("released by unwinding");
            return ++shared;
        }
    }

    public static void main(String[] args) throws Exception {
        SynchronizedCounter counter = new SynchronizedCounter();
        Thread[] threads = new Thread[4];
        int[] thrown = new int[4];
        for (int t = 0; t < threads.length; t++) {
            int id = t;
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) counter.both();
                addShared(1000);
                for (int i = 0; i < 1000; i++) {
                    try {
                        synchronized (SynchronizedCounter.class) {
                            counter.guarded(i);
                        }
                    } catch (ArithmeticException e) {
                        thrown[id]++;
                    }
                }
            });
        }
        for (Thread t : threads) t.start();
        for (Thread t : threads) t.join();
        System.out.println(counter.a + " " + counter.b + " " + shared + " " + thrown[0] + thrown[1] + thrown[2] + thrown[3]);
        System.out.println(Thread.holdsLock(counter.lock));
        synchronized (counter.lock) {
            synchronized (counter.lock) {
                System.out.println(Thread.holdsLock(counter.lock));
            }
            System.out.println(Thread.holdsLock(counter.lock) + " " + (counter.lock.hashCode() == counter.lock.hashCode()));
        }
        for (Runnable r : new Runnable[] {counter.lock::notify, counter.lock::notifyAll, () -> {
            try {
                counter.lock.wait();
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
        }}) {
            try {
                r.run();
            } catch (IllegalMonitorStateException e) {
                System.out.println(e.getMessage());
            }
        }
        Object hashed = new Object();
        int hash = hashed.hashCode();
        synchronized (hashed) {
            System.out.println(hash == hashed.hashCode());
        }
        System.out.println(hash == hashed.hashCode());
    }
}
