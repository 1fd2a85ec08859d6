// suite: once
/** Phaser, CyclicBarrier and CountDownLatch: rounds, actions, late registration, trees, termination, breaking, resetting, time-outs. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class PhasersAndBarriers {
    interface Body { void run() throws Exception; }

    static Thread start(Body body) {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println(e);
            }
        });
        t.start();
        return t;
    }

    public static void main(String[] args) throws Exception {
        StringBuffer log = new StringBuffer();
        int[] sums = new int[1];
        int[] cells = new int[4];
        CyclicBarrier barrier = new CyclicBarrier(4, () -> {
            for (int c : cells) sums[0] += c;
            log.append(sums[0]).append(' ');
        });
        Thread[] threads = new Thread[4];
        Set<Integer> arrivals = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 4; i++) {
            int n = i;
            threads[i] = start(() -> {
                for (int round = 1; round <= 5; round++) {
                    cells[n] = n * round;
                    arrivals.add(barrier.await());
                }
            });
        }
        for (Thread t : threads) t.join();
        System.out.println(log + "" + new TreeSet<>(arrivals) + " " + barrier.getParties() + " " + barrier.isBroken());
        // One of two gives up: the other's barrier is broken.
        CyclicBarrier two = new CyclicBarrier(3);
        String[] how = new String[1];
        Thread other = start(() -> {
            try {
                two.await();
            } catch (BrokenBarrierException e) {
                how[0] = e.toString();
            }
        });
        while (two.getNumberWaiting() == 0) Thread.yield();
        try {
            two.await(5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println(e);
        }
        other.join();
        System.out.println(how[0] + " " + two.isBroken());
        try {
            two.await();
        } catch (BrokenBarrierException e) {
            System.out.println("still broken");
        }
        two.reset();
        System.out.println(two.isBroken());
        CyclicBarrier failing = new CyclicBarrier(1, () -> { throw new IllegalStateException("action"); });
        try {
            failing.await();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + failing.isBroken());
        }
        // A phaser that ends after four phases, with parties that come and go.
        StringBuffer phases = new StringBuffer();
        Phaser phaser = new Phaser(1) {
            @Override protected boolean onAdvance(int phase, int registered) {
                phases.append(phase).append(':').append(registered).append(' ');
                return phase >= 3 || registered == 0;
            }
        };
        for (int i = 0; i < 3; i++) {
            int stays = i + 1;
            phaser.register();
            start(() -> {
                for (int k = 0; k < stays; k++) phaser.arriveAndAwaitAdvance();
                phaser.arriveAndDeregister();
            });
        }
        while (!phaser.isTerminated()) phaser.arriveAndAwaitAdvance();
        System.out.println(phases + "" + (phaser.getPhase() < 0) + " " + phaser.register() / Integer.MIN_VALUE + " " + (phaser.arrive() < 0));
        Phaser simple = new Phaser(2);
        System.out.println(simple.arrive() + " " + simple.getArrivedParties() + " " + simple.getUnarrivedParties() + " " + simple.arrive() + " " + simple.getPhase());
        System.out.println(simple.awaitAdvance(0) + " " + simple.bulkRegister(3) + " " + simple.getRegisteredParties());
        try {
            simple.awaitAdvanceInterruptibly(1, 2, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println("phase 1 lasts");
        }
        simple.forceTermination();
        System.out.println(simple.isTerminated() + " " + (simple.awaitAdvance(1) < 0));
        try {
            new Phaser().arrive();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage().replaceAll("@[0-9a-f]+", "@"));
        }
        // A tree of phasers.
        Phaser root = new Phaser();
        Phaser[] leaves = new Phaser[3];
        AtomicInteger done = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            leaves[i] = new Phaser(root, 4);
            Phaser leaf = leaves[i];
            for (int k = 0; k < 4; k++) all.add(new Thread(() -> { for (int r = 0; r < 10; r++) { done.incrementAndGet(); leaf.arriveAndAwaitAdvance(); } }));
        }
        for (Thread t : all) t.start();
        for (Thread t : all) t.join();
        System.out.println(done + " " + root.getPhase() + " " + leaves[2].getPhase() + " " + root.getRegisteredParties() + " " + (leaves[0].getRoot() == root) + " " + (leaves[1].getParent() == root));
        CountDownLatch latch = new CountDownLatch(100);
        for (int i = 0; i < 10; i++) start(() -> { for (int k = 0; k < 10; k++) latch.countDown(); });
        System.out.println(latch.await(100, TimeUnit.SECONDS) + " " + latch.getCount());
        latch.countDown();
        System.out.println(latch.getCount() + " " + new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
        Semaphore fair = new Semaphore(2, true);
        System.out.println(fair.tryAcquire(3) + " " + fair.tryAcquire(2) + " " + fair.availablePermits() + " " + fair.drainPermits());
        fair.release(5);
        System.out.println(fair.drainPermits() + " " + fair.isFair() + " " + fair.hasQueuedThreads());
        // First come, first served.
        StringBuffer served = new StringBuffer();
        List<Thread> queue = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int n = i;
            queue.add(start(() -> { fair.acquire(); served.append(n); fair.release(); }));
            while (fair.getQueueLength() <= i) Thread.yield();
        }
        fair.release();
        for (Thread t : queue) t.join();
        System.out.println(served);
        AtomicInteger inside = new AtomicInteger(), most = new AtomicInteger();
        Semaphore three = new Semaphore(3);
        queue.clear();
        for (int i = 0; i < 8; i++) {
            queue.add(start(() -> {
                for (int k = 0; k < 50; k++) {
                    three.acquire();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    if (k % 10 == 0) Thread.yield();
                    inside.decrementAndGet();
                    three.release();
                }
            }));
        }
        for (Thread t : queue) t.join();
        System.out.println(most.get() <= 3 && inside.get() == 0 && three.availablePermits() == 3);
    }
}
