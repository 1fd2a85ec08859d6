// suite: once
/** Exchanger: pairs of threads trade buffers; many threads trade, and nothing is lost or doubled; time-outs. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Exchangers {
    public static void main(String[] args) throws Exception {
        Exchanger<List<Integer>> exchanger = new Exchanger<>();
        AtomicLong sum = new AtomicLong();
        Thread producer = new Thread(() -> {
            List<Integer> buffer = new ArrayList<>();
            try {
                for (int round = 0; round < 50; round++) {
                    for (int i = 0; i < 20; i++) buffer.add(round * 20 + i);
                    buffer = exchanger.exchange(buffer);
                    if (!buffer.isEmpty()) System.out.println("not empty");
                }
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        Thread consumer = new Thread(() -> {
            List<Integer> buffer = new ArrayList<>();
            try {
                for (int round = 0; round < 50; round++) {
                    buffer = exchanger.exchange(buffer);
                    for (int n : buffer) sum.addAndGet(n);
                    buffer.clear();
                }
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        producer.start();
        consumer.start();
        producer.join();
        consumer.join();
        System.out.println(sum);
        try {
            exchanger.exchange(List.of(1), 5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.out.println(e);
        }
        // Eight threads shuffle tokens: at the end each token is there once.
        Exchanger<Integer> tokens = new Exchanger<>();
        Integer[] held = new Integer[8];
        AtomicInteger trades = new AtomicInteger();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < 8; i++) {
            int me = i;
            held[i] = i;
            threads[i] = new Thread(() -> {
                for (int round = 0; round < 40; round++) {
                    try {
                        held[me] = tokens.exchange(held[me], 20, TimeUnit.MILLISECONDS);
                        trades.incrementAndGet();
                    } catch (TimeoutException e) {
                        return; // the others are done
                    } catch (InterruptedException e) {
                        System.out.println(e);
                    }
                }
            });
        }
        for (Thread t : threads) t.start();
        for (Thread t : threads) t.join();
        Arrays.sort(held);
        System.out.println(Arrays.toString(held) + " " + (trades.get() % 2 == 0));
        Exchanger<String> nulls = new Exchanger<>();
        Thread giver = new Thread(() -> {
            try {
                System.out.println("got " + nulls.exchange(null));
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });
        giver.start();
        String got = nulls.exchange("something");
        giver.join();
        System.out.println("got " + got);
    }
}
