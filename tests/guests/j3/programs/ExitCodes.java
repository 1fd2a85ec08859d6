/** System.exit from a nested call: finally blocks do not run, shutdown hooks do, the code is passed on. */
public class ExitCodes {
    static void leave(int code) {
        try {
            System.out.println("leaving");
            System.exit(code);
        } finally {
            System.out.println("finally must not run");
        }
    }

    public static void main(String[] args) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("hook runs");
            System.err.println("hook on stderr");
        }));
        Thread sleeper = new Thread(() -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                System.out.println("not interrupted");
            }
        });
        sleeper.start(); // not a daemon: exit does not wait for it
        Thread other = new Thread(() -> leave(42));
        other.start();
        other.join();
        System.out.println("not reached");
    }
}
