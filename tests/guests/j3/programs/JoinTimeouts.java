// suite: once
/** Joins with limits, on threads that run, have ended or have not begun; many that join one; a thread that joins a daemon. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class JoinTimeouts {
    public static void main(String[] args) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread slow = new Thread(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        long start = System.nanoTime();
        slow.join();
        slow.join(100_000);
        System.out.println("not begun: " + slow.getState() + " " + (System.nanoTime() - start < 50_000_000_000L));
        slow.start();
        for (long limit : new long[] {1, 7, 30}) {
            start = System.nanoTime();
            slow.join(limit);
            long waited = System.nanoTime() - start;
            System.out.println(limit + " ms: " + slow.isAlive() + " " + (waited >= limit * 1_000_000));
        }
        start = System.nanoTime();
        slow.join(3, 500_000);
        System.out.println(slow.isAlive() + " " + (System.nanoTime() - start >= 3_000_000));
        AtomicInteger joined = new AtomicInteger();
        Thread[] joiners = new Thread[20];
        for (int i = 0; i < joiners.length; i++) {
            int limit = i % 2 == 0 ? 0 : 1_000_000;
            joiners[i] = new Thread(() -> {
                try {
                    slow.join(limit);
                    if (slow.isAlive()) System.out.println("too early");
                    joined.incrementAndGet();
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
            });
            joiners[i].setDaemon(i % 3 == 0);
            joiners[i].start();
        }
        for (Thread j : joiners) while (j.getState() != Thread.State.WAITING && j.getState() != Thread.State.TIMED_WAITING) Thread.yield();
        System.out.println("joined " + joined);
        end.countDown();
        for (Thread j : joiners) j.join();
        System.out.println("joined " + joined);
        slow.join();
        slow.join(10);
        // The lock of the Thread is taken by join and notified at the end: somebody who holds it delays neither for ever.
        Thread quick = new Thread(() -> {});
        synchronized (quick) {
            quick.start();
            while (quick.isAlive()) quick.wait();
            System.out.println("notified " + quick.getState());
        }
        // A chain: each joins the one before.
        StringBuffer order = new StringBuffer();
        Thread before = null;
        List<Thread> chain = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Thread last = before;
            int number = i;
            Thread next = new Thread(() -> {
                try {
                    if (last != null) last.join();
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
                order.append(number);
            });
            chain.add(next);
            before = next;
        }
        for (Thread t : chain) t.start();
        before.join();
        System.out.println(order);
        Thread self = new Thread(() -> {
            try {
                Thread.currentThread().join(5);
                System.out.println("joined itself for a while");
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        self.start();
        self.join();
    }
}
