/** Loops, branches, calls and int arithmetic; prints ints only. */
public class TinyLoops {
    static int gcd(int a, int b) {
        while (b != 0) {
            int t = a % b;
            a = b;
            b = t;
        }
        return a;
    }

    static int fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    static int collatz(int n) {
        int steps = 0;
        do {
            n = (n & 1) == 0 ? n >> 1 : 3 * n + 1;
            steps++;
        } while (n != 1);
        return steps;
    }

    public static void main(String[] args) {
        System.out.println(gcd(1071, 462));
        System.out.println(fib(20));
        System.out.println(collatz(27));
        int sum = 0;
        for (int i = 0; i < 1000; i++) {
            if (i % 3 == 0 || i % 5 == 0) sum += i;
        }
        System.out.println(sum);
        int product = 1;
        for (int i = 1; i <= 13; i++) product *= i; // wraps at 13!
        System.out.println(product);
    }
}
