/** An interrupt in each blocking call of java.util.concurrent, before and while it blocks: the exception, and what is left behind. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;

public class InterruptedLocks {
    interface Body { void run() throws Exception; }

    static String outcome(Body body) {
        try {
            body.run();
            return "returned " + Thread.interrupted();
        } catch (Exception e) {
            String cause = e.getCause() == null ? "" : " of " + e.getCause().getClass().getSimpleName();
            return e.getClass().getSimpleName() + " " + e.getMessage() + cause + " " + Thread.interrupted();
        }
    }

    /** The call must block. */
    static void see(String name, Body body) throws Exception {
        String[] found = new String[2];
        Thread t = new Thread(() -> {
            found[0] = outcome(body);
            Thread.currentThread().interrupt();
            found[1] = outcome(body);
        }, name);
        t.start();
        while (t.getState() != Thread.State.WAITING && t.getState() != Thread.State.TIMED_WAITING) Thread.yield();
        t.interrupt();
        t.join();
        System.out.println(name + ": " + found[0] + ", " + found[1]);
    }

    public static void main(String[] args) throws Exception {
        long much = 1_000_000;
        TimeUnit s = TimeUnit.SECONDS;
        ReentrantLock lock = new ReentrantLock();
        ReentrantReadWriteLock rw = new ReentrantReadWriteLock();
        StampedLock stamped = new StampedLock();
        lock.lock();
        rw.writeLock().lock();
        long stamp = stamped.writeLock();
        see("lockInterruptibly", lock::lockInterruptibly);
        see("tryLock", () -> lock.tryLock(much, s));
        see("readLock", () -> rw.readLock().lockInterruptibly());
        see("readLock timed", () -> rw.readLock().tryLock(much, s));
        see("writeLock", () -> rw.writeLock().lockInterruptibly());
        see("stamped read", stamped::readLockInterruptibly);
        see("stamped write", stamped::writeLockInterruptibly);
        see("stamped timed", () -> stamped.tryWriteLock(much, s));
        stamped.unlockWrite(stamp);
        ReentrantLock other = new ReentrantLock();
        Condition condition = other.newCondition();
        Body[] waits = {condition::await, () -> condition.await(much, s), () -> condition.awaitNanos(Long.MAX_VALUE), () -> condition.awaitUntil(new Date(Long.MAX_VALUE))};
        for (Body wait : waits) {
            see("condition", () -> {
                other.lock();
                try {
                    wait.run();
                } finally {
                    System.out.print(other.isHeldByCurrentThread() + " ");
                    other.unlock();
                }
            });
        }
        Semaphore semaphore = new Semaphore(0);
        see("acquire", semaphore::acquire);
        see("acquire 3", () -> semaphore.acquire(3));
        see("tryAcquire", () -> semaphore.tryAcquire(much, s));
        CountDownLatch latch = new CountDownLatch(1);
        see("latch", latch::await);
        see("latch timed", () -> latch.await(much, s));
        Exchanger<String> exchanger = new Exchanger<>();
        see("exchanger", () -> exchanger.exchange("x"));
        see("exchanger timed", () -> exchanger.exchange("x", much, s));
        CyclicBarrier barrier = new CyclicBarrier(2);
        see("barrier", () -> { barrier.reset(); barrier.await(); });
        System.out.println(barrier.isBroken() + " " + barrier.getNumberWaiting());
        Phaser phaser = new Phaser(1);
        see("phaser", () -> phaser.awaitAdvanceInterruptibly(0));
        see("phaser timed", () -> phaser.awaitAdvanceInterruptibly(0, much, s));
        BlockingQueue<Integer> array = new ArrayBlockingQueue<>(1), linked = new LinkedBlockingQueue<>(1);
        see("array take", array::take);
        see("linked take", linked::take);
        see("array poll", () -> array.poll(much, s));
        see("linked poll", () -> linked.poll(much, s));
        array.add(1);
        linked.add(1);
        see("array put", () -> array.put(2));
        see("linked put", () -> linked.put(2));
        see("linked offer", () -> linked.offer(2, much, s));
        see("priority take", new PriorityBlockingQueue<Integer>()::take);
        see("deque take", new LinkedBlockingDeque<Integer>()::takeLast);
        see("delay take", new DelayQueue<>()::take);
        SynchronousQueue<Integer> synchronous = new SynchronousQueue<>();
        see("synchronous put", () -> synchronous.put(1));
        see("synchronous take", synchronous::take);
        see("fair synchronous", new SynchronousQueue<Integer>(true)::take);
        LinkedTransferQueue<Integer> transfer = new LinkedTransferQueue<>();
        see("transfer", () -> transfer.transfer(1));
        see("transfer take", transfer::take);
        see("transfer timed", () -> transfer.tryTransfer(1, much, s));
        System.out.println(array + " " + linked + " " + transfer);
        CompletableFuture<String> future = new CompletableFuture<>();
        see("future", future::get);
        see("future timed", () -> future.get(much, s));
        FutureTask<String> task = new FutureTask<>(() -> "never");
        see("task", task::get);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        see("awaitTermination", () -> pool.awaitTermination(much, s));
        see("invokeAll", () -> pool.invokeAll(List.of(() -> { latch.await(); return 1; })));
        see("invokeAny", () -> pool.invokeAny(List.of(() -> { latch.await(); return 1; })));
        see("completion", new ExecutorCompletionService<Integer>(pool)::take);
        pool.shutdownNow();
        ForkJoinPool fork = new ForkJoinPool(1);
        see("fork-join", () -> fork.submit(() -> { latch.await(); return 1; }).get());
        latch.countDown();
        fork.shutdown();
        System.out.println(pool.awaitTermination(much, s) + " " + fork.awaitTermination(much, s));
        Thread forever = new Thread(LockSupport::park);
        forever.start();
        see("join", forever::join);
        see("join timed", () -> forever.join(much));
        LockSupport.unpark(forever);
        see("sleep", () -> s.sleep(much));
        see("timedJoin", () -> s.timedJoin(Thread.currentThread(), much));
        Object monitor = new Object();
        see("timedWait", () -> { synchronized (monitor) { s.timedWait(monitor, much); } });
        see("wait", () -> { synchronized (monitor) { monitor.wait(); } });
        // What is not interruptible goes on waiting, and the interrupt stays.
        Thread patient = new Thread(() -> {
            lock.lock();
            System.out.println("lock: " + Thread.currentThread().isInterrupted());
            lock.unlock();
        });
        patient.start();
        while (patient.getState() != Thread.State.WAITING) Thread.yield();
        patient.interrupt();
        Thread.sleep(5);
        System.out.println(patient.isAlive());
        lock.unlock();
        patient.join();
        Thread acquirer = new Thread(() -> {
            semaphore.acquireUninterruptibly();
            System.out.println("semaphore: " + Thread.interrupted());
        });
        acquirer.start();
        while (acquirer.getState() != Thread.State.WAITING) Thread.yield();
        acquirer.interrupt();
        Thread.sleep(5);
        semaphore.release();
        acquirer.join();
    }
}
