// suite: once
/** ThreadMXBean: counts, ThreadInfo of threads in each kind of wait, locks held, deadlocks over monitors and over java.util.concurrent. */
import java.lang.management.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class ThreadBeans {
    interface Body { void run() throws Exception; }

    static Thread start(String name, Thread.State state, Body body) throws Exception {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println(e);
            }
        }, name);
        t.setDaemon(true);
        t.start();
        while (t.getState() != state) Thread.sleep(1);
        return t;
    }

    static String plain(Object o) { return ("" + o).replaceAll("@[0-9a-f]+", "@"); }

    static void show(ThreadMXBean bean, Thread t) {
        ThreadInfo info = bean.getThreadInfo(new long[] {t.getId()}, true, true)[0];
        System.out.println(info.getThreadName() + " " + info.getThreadState() + " on " + plain(info.getLockName()) + " of " + info.getLockOwnerName() + " " + (info.getLockOwnerId() > 0) + " " + info.getPriority() + info.isDaemon() + info.isInNative() + info.isSuspended());
        for (StackTraceElement e : info.getStackTrace()) {
            if (e.getClassName().contains("ThreadBeans") && !e.getMethodName().contains("ambda$start") && !e.getClassName().contains("Lambda")) System.out.println("    at " + e.getMethodName() + ":" + e.getLineNumber());
        }
        for (MonitorInfo m : info.getLockedMonitors()) System.out.println("    locked " + plain(m) + " " + m.getLockedStackFrame().getMethodName());
        Set<String> owned = new TreeSet<>();
        for (LockInfo l : info.getLockedSynchronizers()) owned.add(plain(l));
        System.out.println("    owns " + owned);
    }

    static synchronized void holds(Object lock, Body body) throws Exception {
        synchronized (lock) { body.run(); }
    }

    static void both(Object a, Object b, CountDownLatch first) throws Exception {
        synchronized (a) {
            first.countDown();
            first.await();
            synchronized (b) { first.await(); }
        }
    }

    static void bothLocks(Lock a, Lock b, CountDownLatch first) throws Exception {
        a.lock();
        first.countDown();
        first.await();
        b.lock();
    }

    @SuppressWarnings({"deprecation", "removal"})
    static void suspend(Thread t) { t.suspend(); }

    public static void main(String[] args) throws Exception {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        int before = bean.getThreadCount(), daemons = bean.getDaemonThreadCount();
        long started = bean.getTotalStartedThreadCount();
        bean.resetPeakThreadCount();
        Object lock = new Object();
        ReentrantLock owned = new ReentrantLock();
        ReentrantReadWriteLock shared = new ReentrantReadWriteLock();
        CountDownLatch end = new CountDownLatch(1);
        Thread holder = start("holder", Thread.State.WAITING, () -> { owned.lock(); shared.writeLock().lock(); holds(lock, end::await); });
        Thread[] threads = {
            holder,
            start("blocked", Thread.State.BLOCKED, () -> { synchronized (lock) { end.await(); } }),
            start("locks", Thread.State.WAITING, owned::lock),
            start("reads", Thread.State.WAITING, shared.readLock()::lock),
            start("waits", Thread.State.WAITING, () -> { synchronized (args) { synchronized (end) { end.wait(); } } }),
            start("timed", Thread.State.TIMED_WAITING, () -> { synchronized (end) { end.wait(1_000_000); } }),
            start("sleeps", Thread.State.TIMED_WAITING, () -> Thread.sleep(1_000_000)),
            start("parks", Thread.State.WAITING, LockSupport::park),
            start("takes", Thread.State.WAITING, new ArrayBlockingQueue<String>(1)::take),
        };
        System.out.println(bean.getThreadCount() - before + " " + (bean.getDaemonThreadCount() - daemons) + " " + (bean.getTotalStartedThreadCount() - started) + " " + (bean.getPeakThreadCount() - before));
        for (Thread t : threads) show(bean, t);
        ThreadInfo[] infos = bean.getThreadInfo(new long[] {holder.getId(), 1_000_000_000L, Thread.currentThread().getId()}, 2);
        System.out.println(infos[0].getThreadName() + " " + infos[0].getStackTrace().length + " " + infos[1] + " " + infos[2].getThreadName() + " " + infos[2].getThreadState());
        System.out.println(bean.getThreadInfo(holder.getId()).getStackTrace().length + " " + bean.getThreadInfo(new Thread().getId()));
        ThreadInfo blocked = bean.getThreadInfo(threads[1].getId());
        System.out.println((blocked.getBlockedCount() >= 1) + " " + (bean.getThreadInfo(threads[6].getId()).getWaitedCount() >= 1) + " " + blocked.getBlockedTime() + " " + blocked.getWaitedTime());
        Set<String> names = new TreeSet<>();
        for (ThreadInfo info : bean.dumpAllThreads(false, false)) names.add(info.getThreadName());
        System.out.println(names.containsAll(List.of("main", "holder", "takes", "Reference Handler", "Finalizer")));
        Set<Long> ids = new HashSet<>();
        for (long id : bean.getAllThreadIds()) ids.add(id);
        System.out.println(ids.contains(holder.getId()) + " " + ids.contains(1L));
        System.out.println(plain(bean.getThreadInfo(new long[] {threads[4].getId()}, true, false)[0]).replaceAll("Id=\\d+", "Id=").replaceAll("(?m)^\tat .*Lambda.*\n", ""));
        System.out.println(bean.findDeadlockedThreads() + " " + bean.findMonitorDeadlockedThreads());
        end.countDown();
        holder.join();
        threads[1].join();
        Object one = new Object(), two = new Object();
        CountDownLatch monitors = new CountDownLatch(2), locks = new CountDownLatch(2);
        start("dead one", Thread.State.WAITING, () -> both(one, two, monitors));
        start("dead two", Thread.State.BLOCKED, () -> both(two, one, monitors));
        ReentrantLock left = new ReentrantLock(), right = new ReentrantLock();
        start("lock one", Thread.State.WAITING, () -> bothLocks(left, right, locks));
        start("lock two", Thread.State.WAITING, () -> bothLocks(right, left, locks));
        for (boolean all : new boolean[] {false, true}) {
            long[] found;
            int expected = all ? 4 : 2;
            do {
                found = all ? bean.findDeadlockedThreads() : bean.findMonitorDeadlockedThreads();
            } while (found == null || found.length < expected);
            Set<String> dead = new TreeSet<>();
            for (ThreadInfo info : bean.getThreadInfo(found)) dead.add(info.getThreadName() + " waits for " + info.getLockOwnerName());
            System.out.println(dead);
        }
        for (Body wrong : new Body[] {() -> bean.getThreadInfo(-1), () -> bean.getThreadInfo(1, -1), () -> bean.getThreadInfo((long[]) null)}) {
            try {
                wrong.run();
            } catch (Exception e) {
                System.out.println(e);
            }
        }
        Thread suspended = start("suspended", Thread.State.TIMED_WAITING, () -> Thread.sleep(1_000_000));
        suspend(suspended);
        System.out.println(bean.getThreadInfo(suspended.getId()).isSuspended());
        System.out.println(bean.isObjectMonitorUsageSupported() + " " + bean.isSynchronizerUsageSupported());
    }
}
