// suite: once
/** java.util.Timer: order by time, fixed delay and rate, cancelling tasks and timers, purge, a task that throws, wrong arguments. */
import java.util.*;
import java.util.concurrent.*;

public class Timers {
    interface Body { void run() throws Exception; }

    static void refuse(String what, Body body) {
        try {
            body.run();
            System.out.println(what + ": taken");
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    static TimerTask task(Runnable body) {
        return new TimerTask() {
            @Override public void run() { body.run(); }
        };
    }

    public static void main(String[] args) throws Exception {
        Timer timer = new Timer("timer");
        StringBuffer log = new StringBuffer();
        CountDownLatch three = new CountDownLatch(3);
        // All are due when the first one ends.
        CountDownLatch go = new CountDownLatch(1);
        timer.schedule(task(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        }), 0);
        long now = System.currentTimeMillis() - 100;
        for (int i = 3; i >= 1; i--) {
            String name = "t" + i + " ";
            timer.schedule(task(() -> { log.append(name); three.countDown(); }), new Date(now + 10 * i));
        }
        go.countDown();
        three.await();
        System.out.println(log);
        Semaphore rounds = new Semaphore(0);
        long start = System.nanoTime();
        TimerTask repeated = task(rounds::release);
        timer.schedule(repeated, 5, 10);
        rounds.acquire(5);
        System.out.println("fixed delay " + (System.nanoTime() - start >= 44_000_000) + " " + repeated.cancel() + " " + repeated.cancel());
        Semaphore rated = new Semaphore(0);
        start = System.nanoTime();
        TimerTask rate = task(rated::release);
        timer.scheduleAtFixedRate(rate, new Date(System.currentTimeMillis() - 100), 10);
        rated.acquire(10);
        System.out.println("fixed rate catches up " + (System.nanoTime() - start < 20_000_000_000L) + " " + rate.cancel());
        TimerTask never = task(() -> System.out.println("cancelled, and yet it runs"));
        timer.schedule(never, 100_000);
        timer.schedule(task(() -> {}), 200_000);
        System.out.println(never.cancel() + " purged " + (timer.purge() >= 1) + " " + timer.purge());
        refuse("negative delay", () -> timer.schedule(task(() -> {}), -1));
        refuse("no period", () -> timer.schedule(task(() -> {}), 1, 0));
        refuse("again", () -> timer.schedule(repeated, 1));
        refuse("no task", () -> timer.schedule(null, 1));
        refuse("negative time", () -> timer.schedule(task(() -> {}), new Date(-1)));
        refuse("no name", () -> new Timer((String) null));
        CountDownLatch self = new CountDownLatch(1);
        timer.schedule(new TimerTask() {
            int runs;
            @Override public void run() {
                if (++runs == 3) {
                    System.out.println("cancels itself " + cancel() + " on " + Thread.currentThread().getName() + " scheduled " + (scheduledExecutionTime() <= System.currentTimeMillis()));
                    self.countDown();
                }
            }
        }, 1, 1);
        self.await();
        timer.cancel();
        refuse("after cancel", () -> timer.schedule(task(() -> {}), 1));
        timer.cancel();
        Timer daemon = new Timer(true);
        CountDownLatch seen = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        daemon.schedule(task(() -> {
            thread[0] = Thread.currentThread();
            thread[0].setUncaughtExceptionHandler((t, e) -> System.out.println(e.getMessage()));
            seen.countDown();
            throw new IllegalStateException("in a task");
        }), 1);
        seen.await();
        thread[0].join();
        System.out.println(thread[0].isDaemon());
        refuse("after a task threw", () -> daemon.schedule(task(() -> {}), 1));
        // A timer that nobody holds ends by itself when that is found out.
        Thread[] last = new Thread[1];
        CountDownLatch ran = new CountDownLatch(1);
        new Timer().schedule(task(() -> { last[0] = Thread.currentThread(); ran.countDown(); }), 1);
        ran.await();
        while (last[0].isAlive()) {
            System.gc();
            Thread.sleep(2);
        }
        System.out.println(last[0].getState());
    }
}
