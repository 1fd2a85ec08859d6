/** wait and notify: a bounded buffer, ping-pong, timed wait, interrupted wait, notifyAll of a crowd. */
import java.util.ArrayDeque;

public class WaitNotify {
    static class Buffer {
        private final ArrayDeque<Integer> items = new ArrayDeque<>();

        synchronized void put(int x) throws InterruptedException {
            while (items.size() == 5) wait();
            items.add(x);
            notifyAll();
        }

        synchronized int take() throws InterruptedException {
            while (items.isEmpty()) wait();
            int x = items.remove();
            notifyAll();
            return x;
        }
    }

    static int turn;
    static int arrived;

    interface Body { void run() throws InterruptedException; }

    static Thread start(Body body) {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
        });
        t.start();
        return t;
    }

    public static void main(String[] args) throws Exception {
        Buffer buffer = new Buffer();
        long[] sums = new long[2];
        Thread[] all = new Thread[4];
        for (int i = 0; i < 2; i++) {
            int id = i;
            all[i] = start(() -> { for (int k = 0; k < 1000; k++) buffer.put(k * 2 + id); });
            all[2 + i] = start(() -> { for (int k = 0; k < 1000; k++) sums[id] += buffer.take(); });
        }
        for (Thread t : all) t.join();
        System.out.println(sums[0] + sums[1]);
        Object lock = new Object();
        StringBuffer log = new StringBuffer();
        Thread[] players = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int me = i;
            players[i] = start(() -> {
                for (int k = 0; k < 10; k++) {
                    synchronized (lock) {
                        while (turn != me) lock.wait();
                        log.append(me == 0 ? "ping " : "pong ");
                        turn = 1 - me;
                        lock.notify();
                    }
                }
            });
        }
        for (Thread p : players) p.join();
        System.out.println(log);
        synchronized (lock) {
            long start = System.nanoTime();
            lock.wait(25);
            System.out.println("timed out " + (System.nanoTime() - start > 20_000_000L));
        }
        Thread waiter = start(() -> { synchronized (lock) { lock.wait(); } });
        while (waiter.getState() != Thread.State.WAITING) Thread.yield();
        waiter.interrupt();
        waiter.join();
        Thread[] crowd = new Thread[6];
        for (int i = 0; i < crowd.length; i++) crowd[i] = start(() -> {
            synchronized (lock) {
                arrived++;
                lock.notifyAll();
                while (arrived < 6) lock.wait();
            }
        });
        for (Thread t : crowd) t.join();
        System.out.println("crowd " + arrived);
        Thread blocked;
        synchronized (lock) {
            blocked = start(() -> { synchronized (lock) { arrived = 0; } });
            while (blocked.getState() != Thread.State.BLOCKED) Thread.yield();
            System.out.println(blocked.getState());
        }
        blocked.join();
        System.out.println(arrived);
    }
}
