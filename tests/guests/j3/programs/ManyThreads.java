// suite: once
/** Hundreds of threads that come and go, wait at once, and die of exceptions; records of ended ones are used again. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class ManyThreads {
    public static void main(String[] args) throws Exception {
        AtomicInteger ran = new AtomicInteger();
        for (int round = 0; round < 20; round++) {
            Thread[] threads = new Thread[40];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = new Thread(ran::incrementAndGet);
                threads[i].start();
            }
            for (Thread t : threads) t.join();
        }
        System.out.println(ran);
        CountDownLatch ready = new CountDownLatch(400), go = new CountDownLatch(1);
        AtomicLong sum = new AtomicLong();
        Thread[] waiting = new Thread[400];
        Object monitor = new Object();
        for (int i = 0; i < waiting.length; i++) {
            int n = i;
            waiting[i] = new Thread(null, () -> {
                ready.countDown();
                try {
                    if (n % 4 == 0) go.await();
                    else if (n % 4 == 1) synchronized (monitor) { while (go.getCount() > 0) monitor.wait(); }
                    else if (n % 4 == 2) while (go.getCount() > 0) Thread.sleep(5);
                    else while (!go.await(1, TimeUnit.SECONDS)) Thread.yield();
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
                sum.addAndGet(n);
            }, "w" + i, 64 * 1024);
            waiting[i].start();
        }
        ready.await();
        System.gc();
        System.out.println(Thread.activeCount() >= 400);
        go.countDown();
        synchronized (monitor) {
            monitor.notifyAll();
        }
        for (Thread t : waiting) t.join();
        System.out.println(sum);
        AtomicInteger died = new AtomicInteger();
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> died.incrementAndGet());
        for (int i = 0; i < 300; i++) {
            Thread t = new Thread(() -> { throw new RuntimeException(); });
            t.start();
            t.join();
        }
        System.out.println(died + " " + Thread.activeCount());
        // Each thread starts the next.
        CountDownLatch chain = new CountDownLatch(200);
        class Link implements Runnable {
            @Override public void run() {
                chain.countDown();
                if (chain.getCount() > 0) new Thread(this).start();
            }
        }
        new Thread(new Link()).start();
        chain.await();
        System.out.println(chain.getCount());
        // Interrupts that come at any time are neither lost nor doubled.
        AtomicInteger interrupted = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            Thread sleeper = new Thread(() -> {
                try {
                    Thread.sleep(1_000_000);
                } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                    if (Thread.currentThread().isInterrupted()) System.out.println("interrupted twice");
                }
            });
            sleeper.start();
            if (i % 3 == 0) Thread.yield();
            sleeper.interrupt();
            sleeper.join();
        }
        System.out.println(interrupted);
        // Parks and unparks that cross each other.
        Thread main = Thread.currentThread();
        AtomicInteger ball = new AtomicInteger();
        Thread partner = new Thread(() -> {
            for (int i = 0; i < 1000; i++) {
                while (ball.get() != 2 * i + 1) java.util.concurrent.locks.LockSupport.park();
                ball.incrementAndGet();
                java.util.concurrent.locks.LockSupport.unpark(main);
            }
        });
        partner.start();
        for (int i = 0; i < 1000; i++) {
            ball.incrementAndGet();
            java.util.concurrent.locks.LockSupport.unpark(partner);
            while (ball.get() != 2 * i + 2) java.util.concurrent.locks.LockSupport.park();
        }
        partner.join();
        System.out.println(ball);
    }
}
