// suite: once
/** ThreadGroup: trees, counts, enumeration, limits of priority, daemon groups, destroy, interrupt of a group, list. */
import java.util.*;
import java.util.concurrent.*;

public class ThreadGroups {
    interface Body { void run() throws Exception; }

    static void attempt(String what, Body body) {
        try {
            body.run();
            System.out.println(what + ": done");
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    @SuppressWarnings("removal")
    public static void main(String[] args) throws Exception {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        System.out.println(root + " in " + root.getParent() + " in " + root.getParent().getParent());
        ThreadGroup outer = new ThreadGroup("outer");
        ThreadGroup inner = new ThreadGroup(outer, "inner");
        System.out.println(outer.getParent() == root);
        System.out.println(root.parentOf(inner) + " " + inner.parentOf(outer) + " " + outer.parentOf(outer));
        outer.setMaxPriority(4);
        inner.setMaxPriority(9);
        System.out.println(outer.getMaxPriority() + " " + inner.getMaxPriority());
        Thread limited = new Thread(inner, () -> {}, "limited");
        System.out.println(limited + " " + limited.getPriority());
        limited.setPriority(8);
        System.out.println(limited.getPriority());
        CountDownLatch ready = new CountDownLatch(3);
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        Runnable sleeper = () -> {
            ready.countDown();
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                said.add(Thread.currentThread().getName() + " interrupted");
            }
        };
        Thread[] threads = {new Thread(outer, sleeper, "a"), new Thread(inner, sleeper, "b"), new Thread(inner, sleeper, "c")};
        System.out.println(outer.activeCount() + " " + outer.activeGroupCount());
        for (Thread t : threads) t.start();
        ready.await();
        System.out.println(outer.activeCount() + " " + inner.activeCount() + " " + outer.activeGroupCount());
        Thread[] found = new Thread[10];
        System.out.println(outer.enumerate(found, false) + " " + outer.enumerate(found) + " " + found[0].getName() + found[1].getName() + found[2].getName());
        ThreadGroup[] groups = new ThreadGroup[5];
        System.out.println(outer.enumerate(groups) + " " + groups[0].getName());
        outer.list();
        attempt("destroy", outer::destroy);
        outer.interrupt();
        for (Thread t : threads) t.join();
        said.sort(null);
        System.out.println(said + " " + outer.activeCount());
        limited.start();
        limited.join();
        attempt("destroy", outer::destroy);
        System.out.println(outer.isDestroyed() + " " + inner.isDestroyed() + " " + root.activeGroupCount());
        attempt("destroy again", outer::destroy);
        attempt("thread in it", () -> new Thread(outer, () -> {}, "late").start());
        ThreadGroup daemon = new ThreadGroup("daemon");
        daemon.setDaemon(true);
        Thread last = new Thread(daemon, () -> System.out.println("in " + Thread.currentThread().getThreadGroup()), "last");
        last.start();
        last.join();
        System.out.println(daemon.isDaemon() + " " + daemon.isDestroyed() + " " + last.getThreadGroup());
        attempt("group without name", () -> System.out.println(new ThreadGroup(null).getName()));
        attempt("group without parent", () -> new ThreadGroup(null, "x"));
        ThreadGroup own = new ThreadGroup("own") {
            @Override public void uncaughtException(Thread t, Throwable e) { System.out.println("own group: " + t.getName() + " " + e.getMessage()); }
        };
        Thread failing = new Thread(own, () -> { throw new RuntimeException("out of run"); }, "failing");
        failing.start();
        failing.join();
        System.out.println(own.activeCount());
    }
}
