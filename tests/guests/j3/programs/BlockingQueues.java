/** All the blocking queues between producers and consumers; capacities, order, drainTo, delays, hand-overs, priorities. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class BlockingQueues {
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

    record Due(String name, long at) implements Delayed {
        @Override public long getDelay(TimeUnit unit) { return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS); }
        @Override public int compareTo(Delayed o) { return Long.compare(at, ((Due) o).at); }
    }

    public static void main(String[] args) throws Exception {
        List<BlockingQueue<Integer>> queues = List.of(new ArrayBlockingQueue<>(7), new ArrayBlockingQueue<>(3, true), new LinkedBlockingQueue<>(5), new LinkedBlockingQueue<>(), new LinkedBlockingDeque<>(4), new SynchronousQueue<>(), new SynchronousQueue<>(true), new LinkedTransferQueue<>(), new PriorityBlockingQueue<>());
        for (BlockingQueue<Integer> queue : queues) {
            AtomicLong sum = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int p = 0; p < 3; p++) threads.add(start(() -> { for (int i = 1; i <= 200; i++) queue.put(i); }));
            for (int c = 0; c < 2; c++) threads.add(start(() -> { for (int i = 0; i < 300; i++) sum.addAndGet(queue.take()); }));
            for (Thread t : threads) t.join();
            System.out.println(queue.getClass().getSimpleName() + " " + sum + " " + queue.size() + " " + queue.poll());
        }
        ArrayBlockingQueue<Integer> small = new ArrayBlockingQueue<>(2);
        System.out.println(small.offer(1) + " " + small.offer(2) + " " + small.offer(3) + " " + small.offer(3, 2, TimeUnit.MILLISECONDS) + " " + small.remainingCapacity());
        try {
            small.add(4);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        List<Integer> drained = new ArrayList<>();
        System.out.println(small.drainTo(drained, 1) + " " + drained + " " + small.peek() + " " + small.poll(1, TimeUnit.MILLISECONDS) + " " + small.poll(1, TimeUnit.MILLISECONDS));
        try {
            small.put(null);
        } catch (NullPointerException e) {
            System.out.println("no nulls");
        }
        // Delays: by time, not by order of arrival.
        DelayQueue<Due> delays = new DelayQueue<>();
        long now = System.nanoTime();
        for (String name : List.of("30", "10", "20")) delays.put(new Due(name, now + Integer.parseInt(name) * 1_000_000L));
        delays.put(new Due("far", now + 1_000_000_000_000L));
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            Due due = delays.take();
            order.append(due.name()).append(System.nanoTime() >= due.at() ? " " : " too early ");
        }
        System.out.println(order + "" + delays.poll() + " " + delays.size() + " " + delays.peek().name());
        PriorityBlockingQueue<String> priority = new PriorityBlockingQueue<>(4, Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
        Collections.addAll(priority, "ccc", "a", "bb", "aa", "b", "dddd");
        StringBuilder sorted = new StringBuilder();
        while (!priority.isEmpty()) sorted.append(priority.take()).append(' ');
        System.out.println(sorted);
        LinkedTransferQueue<String> transfer = new LinkedTransferQueue<>();
        System.out.println(transfer.tryTransfer("nobody") + " " + transfer.tryTransfer("nobody", 2, TimeUnit.MILLISECONDS) + " " + transfer.hasWaitingConsumer());
        Thread taker = start(() -> System.out.println("took " + transfer.take()));
        while (!transfer.hasWaitingConsumer()) Thread.yield();
        System.out.print(transfer.getWaitingConsumerCount() + " ");
        transfer.transfer("handed over");
        taker.join();
        SynchronousQueue<String> synchronous = new SynchronousQueue<>();
        System.out.println(synchronous.offer("x") + " " + synchronous.poll() + " " + synchronous.size() + " " + synchronous.offer("x", 1, TimeUnit.MILLISECONDS));
        LinkedBlockingDeque<Integer> deque = new LinkedBlockingDeque<>(3);
        deque.putFirst(2);
        deque.putLast(3);
        deque.offerFirst(1);
        System.out.println(deque + " " + deque.offerFirst(0) + " " + deque.takeLast() + deque.takeFirst() + deque.pollLast(1, TimeUnit.MILLISECONDS) + deque.pollFirst(1, TimeUnit.MILLISECONDS));
        // Fair: those who wait longest are served first.
        SynchronousQueue<Integer> fair = new SynchronousQueue<>(true);
        List<Thread> givers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int n = i;
            Thread giver = start(() -> fair.put(n));
            givers.add(giver);
            while (giver.getState() != Thread.State.WAITING) Thread.yield();
        }
        System.out.println("" + fair.take() + fair.take() + fair.take() + fair.take());
        for (Thread t : givers) t.join();
        // A pipeline of stages.
        BlockingQueue<Integer> first = new LinkedBlockingQueue<>(2), second = new ArrayBlockingQueue<>(2), third = new LinkedTransferQueue<>();
        start(() -> { for (int i = 1; i <= 100; i++) first.put(i); first.put(-1); });
        start(() -> { for (int n; (n = first.take()) >= 0; ) second.put(n * n); second.put(-1); });
        start(() -> { int sum = 0; for (int n; (n = second.take()) >= 0; ) sum += n; third.put(sum); });
        System.out.println(third.take());
    }
}
