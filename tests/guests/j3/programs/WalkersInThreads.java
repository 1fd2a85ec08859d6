// suite: once
/** Stack walks in many threads at once, stacks of other threads while they run and recurse, deep stacks, caller classes, traces across threads. */
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

public class WalkersInThreads {
    static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    static String walk(int depth) {
        if (depth > 0) return walk(depth - 1);
        return WALKER.walk(frames -> {
            List<String> all = frames.map(StackWalker.StackFrame::getMethodName).collect(Collectors.toList());
            return all.stream().filter(m -> m.equals("walk")).count() + " " + all.get(all.size() - 1);
        });
    }

    static Class<?> caller() { return WALKER.getCallerClass(); }

    static class Other { static Class<?> ask() { return caller(); } }

    static synchronized int fall(int n) { return n == 0 ? 1 : fall(n - 1) + 1; }

    static volatile boolean stop;

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<String>> walks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int depth = i * 20;
            walks.add(pool.submit(() -> walk(depth)));
        }
        for (Future<String> f : walks) System.out.print(f.get() + ", ");
        System.out.println();
        System.out.println(pool.submit(Other::ask).get() + " " + pool.submit(() -> caller().getSimpleName().isEmpty()).get());
        // Others look at a thread that recurses all the time.
        Thread faller = new Thread(() -> { while (!stop) fall(50); }, "faller");
        faller.start();
        AtomicInteger wrong = new AtomicInteger(), deep = new AtomicInteger();
        List<Future<?>> lookers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            lookers.add(pool.submit(() -> {
                for (int k = 0; k < 60 || deep.get() == 0; k++) {
                    StackTraceElement[] stack = faller.getStackTrace();
                    int falls = 0;
                    for (StackTraceElement e : stack) if (e.getMethodName().equals("fall")) falls++;
                    if (falls > 51) wrong.incrementAndGet();
                    if (falls > 0) deep.incrementAndGet();
                    Thread.yield();
                }
            }));
        }
        for (Future<?> f : lookers) f.get();
        stop = true;
        faller.join();
        System.out.println(wrong + " " + (deep.get() > 0) + " " + faller.getStackTrace().length + " " + Thread.getAllStackTraces().containsKey(faller));
        try {
            pool.submit(() -> { throw new IllegalStateException("in the pool"); }).get();
        } catch (ExecutionException e) {
            System.out.println(e.getStackTrace()[0].getMethodName() + " | " + e.getCause().getStackTrace()[0].getMethodName());
        }
        try {
            List<Integer> numbers = IntStream.range(0, 100).boxed().collect(Collectors.toList());
            numbers.parallelStream().forEach(n -> { if (n == 57) throw new UnsupportedOperationException("57"); });
        } catch (UnsupportedOperationException e) {
            System.out.println(e.getMessage() + " " + e.getClass().getSimpleName());
        }
        pool.shutdown();
        System.out.println(pool.awaitTermination(100, TimeUnit.SECONDS));
        Throwable[] made = new Throwable[1];
        Thread maker = new Thread(() -> made[0] = new Throwable("made elsewhere"), "maker");
        maker.start();
        maker.join();
        System.out.println(made[0].getStackTrace()[made[0].getStackTrace().length - 1] + " " + made[0].getStackTrace()[0].getLineNumber());
    }
}
