/** Runtime.halt skips hooks and finally blocks; a negative code is cut to a byte; exit inside a hook-free daemon. */
public class HaltCode {
    public static void main(String[] args) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hooks must not run")));
        try {
            Runtime.getRuntime().addShutdownHook(new Thread("second"));
            Thread hook = new Thread("third");
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        Thread daemon = new Thread(() -> {
            try {
                System.out.println("halting");
                System.out.flush();
                Runtime.getRuntime().halt(-3);
            } finally {
                System.out.println("finally must not run");
            }
        });
        daemon.setDaemon(true);
        daemon.start();
        daemon.join();
        System.out.println("not reached");
    }
}
