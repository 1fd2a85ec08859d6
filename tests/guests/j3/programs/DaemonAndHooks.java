/** main returns while a non-daemon thread works on; daemons do not keep the VM; buffered output is flushed. */
public class DaemonAndHooks {
    public static void main(String[] args) throws Exception {
        Thread daemon = new Thread(() -> {
            while (true) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        daemon.setDaemon(true);
        daemon.start();
        Thread main = Thread.currentThread();
        Thread worker = new Thread(() -> {
            try {
                main.join();
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
            System.out.println("main has ended: " + main.getState());
            System.out.print("no newline at the end");
        });
        worker.start();
        System.out.println("daemon " + daemon.isDaemon() + " worker " + worker.isDaemon());
        System.out.println("main ends");
    }
}
