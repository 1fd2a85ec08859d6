/** Uncaught exceptions in other threads: default and own handlers; main goes on and exits with 0. */
public class UncaughtInThread {
    static Thread start(String name, Runnable r) throws InterruptedException {
        Thread t = new Thread(r, name);
        t.start();
        t.join();
        return t;
    }

    static void fail(String why) {
        throw new IllegalStateException(why);
    }

    public static void main(String[] args) throws InterruptedException {
        start("plain", () -> fail("to stderr"));
        Thread own = new Thread(() -> fail("to own handler"), "own");
        own.setUncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + " died of " + e.getMessage()));
        own.start();
        own.join();
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> System.out.println("default saw " + e + " in " + t.getName()));
        Thread last = start("with default", () -> fail("to default handler"));
        System.out.println(last.isAlive() + " " + last.getState());
        start("handler fails", () -> {
            Thread.currentThread().setUncaughtExceptionHandler((t, e) -> {
                System.out.println("failing on purpose");
                throw new RuntimeException("ignored");
            });
            fail("first");
        });
        System.out.println("main is fine");
    }
}
