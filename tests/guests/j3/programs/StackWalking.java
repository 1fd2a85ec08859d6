/** StackWalker, getCallerClass, Thread stack traces, and frames through lambdas, reflection, constructors and initialisers. */
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

public class StackWalking {
    static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    static List<String> frames() {
        return WALKER.walk(s -> s.map(f -> f.getDeclaringClass().getSimpleName() + "." + f.getMethodName() + ":" + f.getLineNumber()).collect(Collectors.toList()));
    }

    static class Init {
        static final List<String> FROM_CLINIT = frames();
        final List<String> fromConstructor;
        Init() { fromConstructor = frames(); }
    }

    static class Caller {
        static Class<?> who() { return WALKER.getCallerClass(); }
    }

    static List<String> recursive(int n) {
        return n == 0 ? frames() : recursive(n - 1);
    }

    public static Object reflective() {
        return frames();
    }

    public static void main(String[] args) throws Exception {
        System.out.println(frames());
        System.out.println(recursive(3));
        System.out.println(Init.FROM_CLINIT);
        System.out.println(new Init().fromConstructor);
        Supplier<List<String>> lambda = () -> frames();
        System.out.println(lambda.get());
        Supplier<List<String>> reference = StackWalking::frames;
        System.out.println(reference.get());
        System.out.println(StackWalking.class.getMethod("reflective").invoke(null));
        System.out.println(Caller.who());
        System.out.println(WALKER.walk(s -> s.skip(1).findFirst()).isPresent() + " " + WALKER.<Long>walk(s -> s.count()));
        StackTraceElement[] trace = Thread.currentThread().getStackTrace();
        System.out.println(trace[0].getMethodName() + " " + trace[1].getMethodName() + " " + trace.length + " " + trace[0].getModuleName() + " " + trace[1].getFileName());
        List<Integer> numbers = List.of(1);
        numbers.stream().map(x -> {
            StackTraceElement[] t = new Throwable().getStackTrace();
            System.out.println(t[0].getMethodName() + " " + t[t.length - 1].getMethodName() + " " + (t.length > 4));
            return x;
        }).forEach(x -> { });
        WALKER.forEach(f -> System.out.println(f.toStackTraceElement() + " " + f.getMethodType() + " " + f.isNativeMethod() + " " + f.getDescriptor()));
        Thread t = new Thread(() -> System.out.println(frames()));
        t.start();
        t.join();
        Thread parked = new Thread(() -> {
            try {
                Thread.sleep(100_000);
            } catch (InterruptedException e) {
                System.out.println("woken");
            }
        });
        parked.start();
        while (parked.getState() != Thread.State.TIMED_WAITING) Thread.yield();
        StackTraceElement[] other = parked.getStackTrace();
        System.out.println(other[0] + " " + other[other.length - 1].getMethodName());
        parked.interrupt();
        parked.join();
        System.out.println(parked.getStackTrace().length);
    }
}
