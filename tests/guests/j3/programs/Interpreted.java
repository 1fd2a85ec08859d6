// jvm: -Xint

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Methods that are interpreted: calls, exceptions, objects that move, threads, a stack that is used up. */
public class Interpreted {
    interface Shape {
        double area();
    }

    record Circle(double r) implements Shape {
        public double area() {
            return Math.PI * r * r;
        }
    }

    record Box(int a, long b) implements Shape {
        public double area() {
            return a * (double) b;
        }
    }

    static int depth;

    static void deep() {
        depth++;
        deep();
    }

    static long fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    static int quotient(int a, int b) {
        try {
            return a / b;
        } catch (ArithmeticException e) {
            return -1;
        } finally {
            depth = 0;
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(fibonacci(15));
        System.out.println(quotient(7, 2) + " " + quotient(7, 0));
        double sum = 0;
        for (Shape shape : List.of(new Circle(1), new Box(3, 1L << 33), new Circle(0.5f))) sum += shape.area();
        System.out.println(sum);
        List<byte[]> kept = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[100 + i % 17];
            bytes[i % 100] = (byte) i;
            if (i % 100 == 0) kept.add(bytes);
        }
        System.gc();
        int total = 0;
        for (int i = 0; i < kept.size(); i++) total += kept.get(i)[0];
        System.out.println(kept.size() + " " + total);
        try {
            deep();
        } catch (StackOverflowError e) {
            System.out.println(depth > 100);
        }
        AtomicInteger count = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 500; i++) count.incrementAndGet();
            });
            threads[t].start();
        }
        for (Thread thread : threads) thread.join();
        System.out.println(count);
        try {
            Object[] objects = new String[1];
            objects[0] = 5;
        } catch (ArrayStoreException e) {
            System.out.println(e + " in " + e.getStackTrace()[0]);
        }
        throw new IllegalStateException("the end");
    }
}
