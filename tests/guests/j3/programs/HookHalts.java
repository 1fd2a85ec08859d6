// suite: once
/** A shutdown hook that halts: other hooks are cut off, finally blocks do not run, and the exit code is halt's. */
public class HookHalts {
    public static void main(String[] args) throws Exception {
        Thread[] stuck = new Thread[1];
        stuck[0] = new Thread(() -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            } finally {
                System.out.println("finally");
            }
        });
        Runtime.getRuntime().addShutdownHook(stuck[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            while (stuck[0].getState() != Thread.State.TIMED_WAITING) Thread.yield();
            System.out.println("halts");
            System.out.flush();
            Runtime.getRuntime().halt(23);
        }));
        try {
            System.exit(5);
        } finally {
            System.out.println("not reached");
        }
    }
}
