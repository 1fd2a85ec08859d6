// suite: once
/** ReentrantLock, ReentrantReadWriteLock, StampedLock: exclusion, fairness, downgrade, optimism, conversions, wrong uses, what they tell. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;

public class LocksOfAllKinds {
    interface Body { void run() throws Exception; }

    static Thread start(Body body) {
        Thread t = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println(e);
            }
        });
        t.start();
        return t;
    }

    static void wrong(String what, Body body) {
        try {
            body.run();
            System.out.println(what + ": done");
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    static void together(int threads, Body body) throws Exception {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) all.add(start(body));
        for (Thread t : all) t.join();
    }

    public static void main(String[] args) throws Exception {
        ReentrantLock lock = new ReentrantLock();
        int[] count = new int[2];
        together(4, () -> {
            for (int i = 0; i < 2000; i++) {
                lock.lock();
                try {
                    if (i % 3 == 0) {
                        lock.lock();
                        count[1]++;
                        lock.unlock();
                    }
                    count[0]++;
                } finally {
                    lock.unlock();
                }
            }
        });
        System.out.println(count[0] + " " + count[1] + " " + lock.isLocked() + " " + lock.getHoldCount());
        wrong("unlock", lock::unlock);
        wrong("signal", lock.newCondition()::signal);
        wrong("await", lock.newCondition()::await);
        wrong("tryLock", () -> System.out.print(lock.tryLock() + " " + lock.tryLock(1, TimeUnit.SECONDS) + " " + lock.getHoldCount() + " "));
        Thread blocked = start(() -> System.out.println(lock.tryLock() + " " + lock.tryLock(3, TimeUnit.MILLISECONDS) + " " + lock.isHeldByCurrentThread()));
        blocked.join();
        System.out.println(lock.toString().replaceAll("@[0-9a-f]+", "@") + " " + lock.hasQueuedThreads());
        lock.unlock();
        lock.unlock();
        // A fair lock is handed to those who wait in their order.
        ReentrantLock fair = new ReentrantLock(true);
        StringBuffer order = new StringBuffer();
        List<Thread> queue = new ArrayList<>();
        fair.lock();
        for (int i = 0; i < 6; i++) {
            int n = i;
            queue.add(start(() -> { fair.lock(); order.append(n); fair.unlock(); }));
            while (fair.getQueueLength() <= i) Thread.yield();
        }
        System.out.println(fair.hasQueuedThread(queue.get(3)) + " " + fair.getQueueLength());
        fair.unlock();
        for (Thread t : queue) t.join();
        System.out.println(order);
        // Conditions: signal wakes the longest waiting, signalAll all.
        Condition condition = fair.newCondition();
        order.setLength(0);
        queue.clear();
        for (int i = 0; i < 4; i++) {
            int n = i;
            queue.add(start(() -> { fair.lock(); condition.await(); order.append(n); fair.unlock(); }));
            for (int waiting = 0; waiting <= i; ) {
                fair.lock();
                waiting = fair.getWaitQueueLength(condition);
                fair.unlock();
            }
        }
        fair.lock();
        condition.signal();
        condition.signal();
        System.out.println(fair.getWaitQueueLength(condition) + " " + fair.hasWaiters(condition));
        condition.signalAll();
        fair.unlock();
        for (Thread t : queue) t.join();
        System.out.println(order);
        fair.lock();
        System.out.println(condition.await(2, TimeUnit.MILLISECONDS) + " " + (condition.awaitNanos(1_000_000) <= 0) + " " + condition.awaitUntil(new Date()));
        fair.unlock();
        // Readers together, writers alone.
        ReentrantReadWriteLock rw = new ReentrantReadWriteLock();
        int[] pair = new int[2];
        AtomicInteger torn = new AtomicInteger(), readers = new AtomicInteger(), most = new AtomicInteger();
        AtomicInteger number = new AtomicInteger();
        together(5, () -> {
            boolean writes = number.getAndIncrement() < 2;
            for (int i = 0; i < 500; i++) {
                Lock l = writes ? rw.writeLock() : rw.readLock();
                l.lock();
                if (writes) {
                    pair[0]++;
                    pair[1]++;
                } else if (pair[0] != pair[1]) {
                    torn.incrementAndGet();
                }
                l.unlock();
            }
        });
        System.out.println(pair[0] + " " + torn);
        CyclicBarrier both = new CyclicBarrier(3);
        together(3, () -> {
            rw.readLock().lock();
            both.await();
            most.accumulateAndGet(rw.getReadLockCount(), Math::max);
            both.await();
            rw.readLock().unlock();
        });
        System.out.println(most);
        rw.writeLock().lock();
        rw.readLock().lock();
        rw.writeLock().unlock();
        System.out.println(rw.getReadHoldCount() + " " + rw.isWriteLocked() + " " + rw.writeLock().tryLock());
        rw.readLock().unlock();
        wrong("read unlock", rw.readLock()::unlock);
        wrong("write unlock", rw.writeLock()::unlock);
        wrong("read condition", rw.readLock()::newCondition);
        System.out.println(rw.toString().replaceAll("@[0-9a-f]+", "@"));
        StampedLock stamped = new StampedLock();
        long[] point = new long[2];
        AtomicInteger mixed = new AtomicInteger();
        number.set(0);
        together(4, () -> {
            boolean writes = number.getAndIncrement() == 0;
            for (int i = 0; i < 1000; i++) {
                if (writes) {
                    long stamp = stamped.writeLock();
                    point[0]++;
                    point[1]--;
                    stamped.unlockWrite(stamp);
                    continue;
                }
                long stamp = stamped.tryOptimisticRead();
                long x = point[0], y = point[1];
                if (!stamped.validate(stamp)) {
                    stamp = stamped.readLock();
                    x = point[0];
                    y = point[1];
                    stamped.unlockRead(stamp);
                }
                if (x + y != 0) mixed.incrementAndGet();
            }
        });
        System.out.println(point[0] + " " + mixed);
        long read = stamped.readLock();
        long write = stamped.tryConvertToWriteLock(read);
        System.out.println((write != 0) + " " + stamped.isWriteLocked() + " " + (stamped.tryReadLock() == 0) + " " + StampedLock.isWriteLockStamp(write) + " " + (stamped.tryReadLock(1, TimeUnit.MILLISECONDS) == 0));
        long optimistic = stamped.tryConvertToOptimisticRead(write);
        System.out.println(stamped.validate(optimistic) + " " + stamped.isReadLocked());
        wrong("stamped unlock", () -> stamped.unlockWrite(12345));
        long one = stamped.readLock(), two = stamped.readLock();
        System.out.println(stamped.getReadLockCount() + " " + (stamped.tryConvertToWriteLock(one) == 0) + " " + stamped.validate(optimistic));
        stamped.unlock(one);
        stamped.unlockRead(two);
        System.out.println(stamped.toString().replaceAll("@[0-9a-f]+", "@"));
        Lock view = stamped.asWriteLock();
        view.lock();
        System.out.println(stamped.asReadLock().tryLock() + " " + stamped.isWriteLocked());
        view.unlock();
        // LockSupport's blockers, as others see them.
        Object blocker = "blocker";
        Thread parked = start(() -> LockSupport.park(blocker));
        while (parked.getState() != Thread.State.WAITING) Thread.yield();
        System.out.println(LockSupport.getBlocker(parked));
        LockSupport.unpark(parked);
        parked.join();
        System.out.println(LockSupport.getBlocker(parked));
    }
}
