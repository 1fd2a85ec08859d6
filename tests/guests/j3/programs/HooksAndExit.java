// suite: once
/** Runtime hooks: added, removed, refused while they run; exit from a hook's thread waits for ever, so a hook calls none; the exit code. */
import java.util.*;
import java.util.concurrent.*;

public class HooksAndExit {
    interface Body { void run() throws Exception; }

    static void attempt(String what, Body body) {
        try {
            body.run();
            System.out.println(what + ": done");
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    public static void main(String[] args) throws Exception {
        Runtime runtime = Runtime.getRuntime();
        Thread first = new Thread(() -> System.out.println("first hook"), "first");
        Thread removed = new Thread(() -> System.out.println("removed, and yet it runs"), "removed");
        runtime.addShutdownHook(first);
        runtime.addShutdownHook(removed);
        attempt("added twice", () -> runtime.addShutdownHook(first));
        System.out.println(runtime.removeShutdownHook(removed) + " " + runtime.removeShutdownHook(removed));
        attempt("of a thread that runs", () -> runtime.addShutdownHook(Thread.currentThread()));
        attempt("null", () -> runtime.addShutdownHook(null));
        // Hooks run at once: these two need each other. The second one waits for the first hook, and tries what is too late.
        Exchanger<String> between = new Exchanger<>();
        Body trade = () -> {
            String got = between.exchange(Thread.currentThread().getName());
            if (Thread.currentThread().getName().equals("left")) {
                first.join();
                attempt("hook from a hook", () -> runtime.addShutdownHook(new Thread()));
                attempt("removal in a hook", () -> runtime.removeShutdownHook(first));
                System.out.println("left got " + got + ", daemon " + Thread.currentThread().isDaemon());
            }
        };
        for (String name : List.of("left", "right")) {
            runtime.addShutdownHook(new Thread(() -> {
                try {
                    trade.run();
                } catch (Exception e) {
                    System.out.println(e);
                }
            }, name));
        }
        // A hook that throws, without a trace: its handler is silent.
        Thread failing = new Thread(() -> { throw new IllegalStateException("in a hook"); });
        failing.setUncaughtExceptionHandler((t, e) -> {});
        runtime.addShutdownHook(failing);
        // Threads run on while the hooks do, even those that hold locks.
        Object lock = new Object();
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            synchronized (lock) {
                held.countDown();
                while (true) Thread.onSpinWait();
            }
        });
        holder.start();
        held.await();
        Thread exiting = new Thread(() -> {
            try {
                System.exit(17);
            } finally {
                System.out.println("exit does not return");
            }
        });
        exiting.start();
        exiting.join();
        System.out.println("nor does its thread end");
    }
}
