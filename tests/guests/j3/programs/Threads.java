/** Threads: start and join, names and states, interrupts, daemon inheritance, volatile hand-over, ordering by join. */
public class Threads {
    static volatile boolean ready;
    static int payload;

    static class Summer extends Thread {
        final int from, to;
        long sum;
        Summer(int from, int to) { super("summer-" + from); this.from = from; this.to = to; }
        @Override public void run() { for (int i = from; i < to; i++) sum += i; }
    }

    public static void main(String[] args) throws Exception {
        Summer[] summers = new Summer[4];
        for (int i = 0; i < 4; i++) summers[i] = new Summer(i * 250_000, (i + 1) * 250_000);
        System.out.println(summers[0].getState() + " " + summers[0].getName() + " " + summers[0].isAlive());
        for (Summer s : summers) s.start();
        long total = 0;
        for (Summer s : summers) {
            s.join();
            total += s.sum;
        }
        System.out.println(total + " " + summers[3].getState());
        try {
            summers[0].start();
        } catch (IllegalThreadStateException e) {
            System.out.println("started twice: " + e.getMessage());
        }
        Thread reader = new Thread(() -> {
            while (!ready) Thread.onSpinWait();
            System.out.println("payload " + payload);
        });
        reader.start();
        payload = 42;
        ready = true;
        reader.join();
        Thread sleeper = new Thread(() -> {
            try {
                Thread.sleep(100_000);
                System.out.println("woke by itself");
            } catch (InterruptedException e) {
                System.out.println(e.getMessage() + " " + Thread.currentThread().isInterrupted());
            }
        });
        sleeper.start();
        while (sleeper.getState() != Thread.State.TIMED_WAITING) Thread.yield();
        sleeper.interrupt();
        sleeper.join();
        Thread.currentThread().interrupt();
        System.out.println(Thread.currentThread().isInterrupted() + " " + Thread.interrupted() + " " + Thread.interrupted());
        Thread spinner = new Thread(() -> {
            long n = 0;
            while (!Thread.currentThread().isInterrupted()) n++;
            System.out.println("spinner stopped " + (n >= 0));
        });
        spinner.start();
        Thread.sleep(20);
        spinner.interrupt();
        spinner.join();
        Thread daemon = new Thread(() -> {
            Thread child = new Thread(() -> { });
            System.out.println("child daemon " + child.isDaemon() + " priority " + child.getPriority() + " group " + child.getThreadGroup().getName());
        });
        daemon.setDaemon(true);
        daemon.setPriority(7);
        daemon.start();
        daemon.join();
        long before = System.nanoTime();
        Thread.sleep(30);
        System.out.println(System.nanoTime() - before >= 29_000_000L);
        Thread quick = new Thread(() -> { });
        quick.start();
        quick.join(60_000);
        System.out.println(quick.isAlive() + " " + Thread.holdsLock(args));
    }
}
