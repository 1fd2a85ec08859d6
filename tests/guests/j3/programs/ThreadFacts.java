// suite: once
/** Names, ids, priorities, daemons, toString, wrong arguments and times of java.lang.Thread; subclasses and null targets. */
import java.util.*;

public class ThreadFacts {
    interface Body { void run() throws Exception; }

    static void refuse(String what, Body body) {
        try {
            body.run();
            System.out.println(what + ": taken");
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    public static void main(String[] args) throws Exception {
        Thread main = Thread.currentThread();
        System.out.println(main + " " + main.getId() + " " + main.isDaemon() + " " + main.getContextClassLoader().getClass().getSimpleName());
        Thread plain = new Thread();
        Thread second = new Thread(() -> {});
        System.out.println(plain.getName() + " " + second.getName() + " " + (second.getId() - plain.getId()));
        Thread named = new Thread(null, null, "named", 1 << 16, false);
        System.out.println(named + " " + (named.getContextClassLoader() == ClassLoader.getSystemClassLoader()));
        named.setName("renamed");
        named.setPriority(Thread.MAX_PRIORITY);
        System.out.println(named + " " + named.getPriority());
        refuse("name", () -> named.setName(null));
        refuse("priority 0", () -> named.setPriority(0));
        refuse("priority 11", () -> named.setPriority(11));
        refuse("null name", () -> new Thread((String) null));
        refuse("negative join", () -> main.join(-1));
        refuse("join nanos", () -> plain.join(1, 1_000_000));
        refuse("join of a new one", () -> plain.join());
        refuse("sleep nanos", () -> Thread.sleep(0, -1));
        refuse("sleep", () -> Thread.sleep(-5));
        named.start();
        named.join();
        System.out.println(named + " " + named.getThreadGroup() + " " + named.getPriority());
        refuse("start again", named::start);
        refuse("daemon of an ended one", () -> named.setDaemon(true));
        refuse("name of an ended one", () -> named.setName("late"));
        System.out.println(named.getName());
        plain.start();
        plain.join();
        Thread running = new Thread(() -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                System.out.println(Thread.currentThread() + " ends");
            }
        }, "running");
        running.setPriority(3);
        running.setDaemon(true);
        running.start();
        refuse("daemon of a running one", () -> running.setDaemon(false));
        refuse("start twice", running::start);
        running.setName("runs");
        running.setPriority(8);
        running.interrupt();
        running.join();
        // What a thread inherits of the one that makes it.
        Thread parent = new Thread(() -> {
            Thread child = new Thread(() -> {}, "child");
            System.out.println(child + " daemon " + child.isDaemon());
            child.setDaemon(false);
            child.start();
        }, "parent");
        parent.setDaemon(true);
        parent.setPriority(2);
        parent.start();
        parent.join();
        Thread subclass = new Thread("subclass") {
            @Override public void run() { System.out.println("run of " + getName() + ", " + (Thread.currentThread() == this)); }
        };
        subclass.run();
        subclass.start();
        subclass.join();
        // The ids differ, and rise.
        long last = -1;
        Set<Long> ids = new TreeSet<>();
        for (int i = 0; i < 600; i++) {
            Thread t = new Thread(() -> {});
            if (t.getId() <= last) System.out.println("an id came back");
            last = t.getId();
            ids.add(last);
            t.start();
            t.join();
        }
        System.out.println(ids.size());
        int before = Thread.activeCount();
        Thread[] all = new Thread[before + 2];
        int count = Thread.enumerate(all);
        System.out.println(before + " " + count + " " + Arrays.toString(Arrays.copyOf(all, count)));
        long start = System.nanoTime();
        Thread.sleep(10, 500_000);
        new Thread(() -> {}).join(5);
        System.out.println(System.nanoTime() - start >= 10_000_000);
        try {
            Thread.class.getDeclaredMethod("clone").setAccessible(true);
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getName());
        }
        refuse("checkAccess", main::checkAccess);
        refuse("countStackFrames", main::countStackFrames);
        System.out.println(main.getStackTrace()[1].getMethodName());
        synchronized (main) {
            System.out.println(Thread.holdsLock(main));
        }
    }
}
