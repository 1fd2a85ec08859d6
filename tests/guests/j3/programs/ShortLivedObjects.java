import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Objects that live in one method and what it calls: the second tier makes values of them, or makes them only where somebody else sees them. */
public class ShortLivedObjects {
    static final int ROUNDS = 12;
    static final int MANY = 2000;
    static final int FEW = 200;

    static Object seen;

    record Point(int x, int y) {
        Point plus(Point other) {
            return new Point(x + other.x, y + other.y);
        }
    }

    record Range(int end) implements Iterable<Integer> {
        @Override public Iterator<Integer> iterator() {
            return new Iterator<>() {
                int at = 0;

                @Override public boolean hasNext() {
                    return at < end;
                }

                @Override public Integer next() {
                    if (at >= end) throw new NoSuchElementException("no " + at);
                    return at++;
                }
            };
        }
    }

    static int seenSeldom(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            Point point = new Point(i, 1).plus(new Point(2, i));
            sum += point.x() * point.y();
            if (point.x() == 77) seen = point;
        }
        return sum;
    }

    static int iterators(List<Integer> list) {
        int sum = 0;
        for (Integer number : list) sum += number;
        for (int number : new Range(FEW)) sum ^= number;
        return sum;
    }

    static Optional<String> notEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    static int optionals(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) sum += notEmpty(i % 3 == 0 ? "" : "ab").map(String::length).orElse(7);
        return sum;
    }

    static int second(int... numbers) {
        return numbers.length > 1 ? numbers.length + numbers[1] : numbers.length;
    }

    static int variableArity(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) sum += second(i, 2 * i, 5) + second(i);
        return sum;
    }

    static int capturing(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            int captured = i;
            IntUnaryOperator add = x -> x + captured;
            sum += add.applyAsInt(3);
        }
        return sum;
    }

    static int usedByHandlers(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            Point point = new Point(i, -i);
            try {
                if (i % 5 == 0) throw new IllegalStateException("at " + point);
                sum += point.x();
            } catch (IllegalStateException e) {
                sum += e.getMessage().length() + point.y();
            }
        }
        return sum;
    }

    static int locked(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            StringBuffer buffer = new StringBuffer();
            buffer.append(i);
            Object lock = new Object();
            synchronized (lock) {
                sum += buffer.length();
                if (Thread.holdsLock(lock)) sum++;
            }
        }
        return sum;
    }

    static int exchanged(int rounds) {
        Point a = new Point(1, 2);
        Point b = new Point(3, 4);
        for (int i = 0; i < rounds; i++) {
            Point before = a;
            a = b;
            b = before;
            if (i % 1000 == 999) a = new Point(a.x() + 1, b.y());
        }
        return a.x() * 1000 + b.y();
    }

    static long boxed(int rounds) {
        Long sum = 0L;
        for (int i = 0; i < rounds; i++) sum += i;
        return sum;
    }

    static int identities(int rounds) {
        int same = 0;
        Point last = null;
        for (int i = 0; i < rounds; i++) {
            Point point = new Point(i & 1, 0);
            if (point == last) same += 1000;
            if (point.equals(last)) same++;
            if (i % 3 == 0) last = point;
            if (last != null && last == point && System.identityHashCode(last) == System.identityHashCode(point)) same += 2;
        }
        return same;
    }

    public static void main(String[] args) {
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < FEW; i++) list.add(i * 300);
        for (int round = 0; round < ROUNDS; round++) {
            long[] results = {
                seenSeldom(MANY), iterators(list), optionals(MANY), variableArity(MANY), capturing(MANY), usedByHandlers(FEW), locked(FEW),
                exchanged(MANY), boxed(MANY), identities(MANY), list.stream().mapToInt(i -> i + 1).filter(i -> i % 2 == 0).sum(),
            };
            StringBuilder line = new StringBuilder().append(round);
            for (long result : results) line.append(' ').append(result);
            System.out.println(line.append(' ').append(seen));
        }
    }
}
