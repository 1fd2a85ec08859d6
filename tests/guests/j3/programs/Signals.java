/** Signals: which may be handled, handlers in threads of their own, and SIGTERM's shutdown. */
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;
import sun.misc.SignalHandler;

public class Signals {
    public static void main(String[] args) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        for (String name : new String[] {"USR2", "QUIT", "SEGV", "NOSUCH", "KILL"}) {
            try {
                Signal.handle(new Signal(name), SignalHandler.SIG_DFL);
                System.out.println(name + " can be handled");
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
        CountDownLatch done = new CountDownLatch(2);
        SignalHandler handler = signal -> {
            System.out.println(signal + " " + signal.getNumber() + " in " + Thread.currentThread().getName());
            done.countDown();
        };
        System.out.println(Signal.handle(new Signal("USR2"), handler) == SignalHandler.SIG_DFL);
        Signal.raise(new Signal("USR2"));
        while (done.getCount() > 1) Thread.sleep(1);
        Signal.raise(new Signal("USR2"));
        done.await();
        System.out.println(Signal.handle(new Signal("USR2"), SignalHandler.SIG_IGN) == handler);
        Signal.raise(new Signal("TERM"));
        Thread.sleep(60_000);
        System.out.println("not reached");
    }
}
