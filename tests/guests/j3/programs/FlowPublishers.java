// suite: once
/** java.util.concurrent.Flow and SubmissionPublisher: demand, order, processors, drops, errors, cancelling, slow subscribers. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.Flow.*;
import java.util.function.*;

public class FlowPublishers {
    /** Asks for `step` items at a time and notes what comes. */
    static class Collector<T> implements Subscriber<T> {
        final List<T> items = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch done = new CountDownLatch(1);
        final int step, limit;
        int asked;
        volatile String end = "open";
        volatile Subscription subscription;

        Collector(int step, int limit) { this.step = step; this.limit = limit; }

        @Override public void onSubscribe(Subscription s) {
            subscription = s;
            asked = step;
            s.request(step);
        }
        @Override public void onNext(T item) {
            items.add(item);
            if (items.size() == limit) {
                subscription.cancel();
                end = "cancelled";
                done.countDown();
            } else if (--asked == 0) {
                asked = step;
                subscription.request(step);
            }
        }
        @Override public void onError(Throwable t) { end = "error " + t.getMessage(); done.countDown(); }
        @Override public void onComplete() { end = "complete"; done.countDown(); }
    }

    static class Mapper<S, T> extends SubmissionPublisher<T> implements Processor<S, T> {
        final Function<S, T> function;
        Subscription subscription;
        Mapper(Function<S, T> function) { this.function = function; }
        @Override public void onSubscribe(Subscription s) { subscription = s; s.request(1); }
        @Override public void onNext(S item) { submit(function.apply(item)); subscription.request(1); }
        @Override public void onError(Throwable t) { closeExceptionally(t); }
        @Override public void onComplete() { close(); }
    }

    public static void main(String[] args) throws Exception {
        Collector<Integer> one = new Collector<>(1, -1), seven = new Collector<>(7, -1), ten = new Collector<>(3, 10);
        try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(one);
            publisher.subscribe(seven);
            publisher.subscribe(ten);
            System.out.println(publisher.getNumberOfSubscribers() + " " + publisher.hasSubscribers() + " " + publisher.getMaxBufferCapacity());
            for (int i = 0; i < 500; i++) publisher.submit(i);
        }
        for (Collector<Integer> c : List.of(one, seven, ten)) {
            c.done.await();
            boolean ordered = true;
            // What was asked for before cancelling may still come, and from a buffer that is filled anew.
            int count = c.limit > 0 ? c.limit : c.items.size();
            for (int i = 0; i < count; i++) ordered &= c.items.get(i) == i;
            System.out.println(count + " " + ordered + " " + c.end);
        }
        SubmissionPublisher<String> source = new SubmissionPublisher<>();
        Mapper<String, Integer> lengths = new Mapper<>(String::length);
        Mapper<Integer, String> stars = new Mapper<>("*"::repeat);
        Collector<String> sink = new Collector<>(2, -1);
        source.subscribe(lengths);
        lengths.subscribe(stars);
        stars.subscribe(sink);
        for (String word : "a processor is both of them".split(" ")) source.submit(word);
        source.close();
        sink.done.await();
        System.out.println(sink.items + " " + sink.end + " " + source.isClosed());
        Collector<String> failed = new Collector<>(5, -1);
        SubmissionPublisher<String> failing = new SubmissionPublisher<>();
        failing.subscribe(failed);
        failing.submit("before");
        while (failed.items.isEmpty()) Thread.yield(); // an error may overtake items
        failing.closeExceptionally(new IllegalStateException("source failed"));
        failed.done.await();
        System.out.println(failed.items + " " + failed.end + " " + failing.getClosedException());
        try {
            failing.submit("late");
        } catch (IllegalStateException e) {
            System.out.println("closed");
        }
        // A subscriber that throws gets no more.
        Collector<Integer> throwing = new Collector<>(10, -1) {
            @Override public void onNext(Integer n) {
                super.onNext(n);
                if (n == 2) throw new IllegalArgumentException("in onNext");
            }
        };
        SubmissionPublisher<Integer> numbers = new SubmissionPublisher<>();
        numbers.subscribe(throwing);
        for (int i = 0; i < 5; i++) numbers.submit(i);
        throwing.done.await();
        System.out.println(throwing.items + " " + throwing.end);
        // No demand: the buffer fills, what does not fit is dropped.
        Collector<Integer> lazy = new Collector<>(1, -1) {
            @Override public void onSubscribe(Subscription s) { subscription = s; }
            @Override public void onNext(Integer n) { items.add(n); if (n == 7) done.countDown(); }
        };
        SubmissionPublisher<Integer> bounded = new SubmissionPublisher<>(ForkJoinPool.commonPool(), 8);
        bounded.subscribe(lazy);
        int dropped = 0;
        for (int i = 0; i < 20; i++) if (bounded.offer(i, (s, item) -> false) < 0) dropped++;
        System.out.println(dropped + " " + bounded.estimateMaximumLag() + " " + bounded.estimateMinimumDemand());
        while (lazy.subscription == null) Thread.yield();
        lazy.subscription.request(100);
        lazy.done.await();
        System.out.println(lazy.items);
        Collector<Integer> wrong = new Collector<>(-1, -1);
        bounded.subscribe(wrong);
        wrong.done.await();
        System.out.println(wrong.end);
        SubmissionPublisher<Integer> consumed = new SubmissionPublisher<>();
        int[] sum = new int[1];
        CompletableFuture<Void> all = consumed.consume(n -> sum[0] += n);
        for (int i = 1; i <= 100; i++) consumed.submit(i);
        consumed.close();
        all.get();
        System.out.println(sum[0]);
    }
}
