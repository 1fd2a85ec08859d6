// suite: once
/** Threads that call exit while another's exit is under way wait for ever; the first code counts, and daemons run until the end. */
import java.util.concurrent.*;

public class ExitInHook {
    public static void main(String[] args) throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        Thread[] second = new Thread[1];
        second[0] = new Thread(() -> {
            late.countDown();
            System.exit(99);
            System.out.println("not reached");
        }, "second");
        Thread daemon = new Thread(() -> {
            long n = 0;
            while (true) n++;
        });
        daemon.setDaemon(true);
        daemon.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            second[0].start();
            try {
                late.await();
                while (second[0].getState() == Thread.State.RUNNABLE) Thread.sleep(1);
                System.out.println(second[0].getState() + " " + second[0].isAlive() + " " + daemon.isAlive());
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        }));
        Thread other = new Thread(() -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
        });
        other.start();
        while (other.getState() != Thread.State.TIMED_WAITING) Thread.yield();
        System.exit(7);
    }
}
