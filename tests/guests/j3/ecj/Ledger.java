import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A ledger of accounts, a small language whose expressions compute amounts, and reports; it prints the same at every run. */
public class Ledger {
    /** Amounts are whole cents. */
    record Money(long cents) implements Comparable<Money> {
        static final Money ZERO = new Money(0);

        Money {
            if (Math.abs(cents) > 1_000_000_000_000L) throw new ArithmeticException("too much money: " + cents);
        }

        static Money of(long units, int cents) {
            return new Money(units * 100 + cents);
        }

        Money plus(Money other) {
            return new Money(Math.addExact(cents, other.cents));
        }

        Money negated() {
            return new Money(-cents);
        }

        @Override
        public int compareTo(Money other) {
            return Long.compare(cents, other.cents);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s%d.%02d", cents < 0 ? "-" : "", Math.abs(cents) / 100, Math.abs(cents) % 100);
        }
    }

    enum Kind {
        CASH("C") {
            @Override
            boolean mayOwe() {
                return false;
            }
        },
        CREDIT("K"),
        INCOME("I") {
            @Override
            Money shown(Money balance) {
                return balance.negated();
            }
        };

        private static final Map<String, Kind> BY_LETTER = new HashMap<>();

        static {
            for (Kind kind : values()) BY_LETTER.put(kind.letter, kind);
        }

        final String letter;

        Kind(String letter) {
            this.letter = letter;
        }

        boolean mayOwe() {
            return true;
        }

        Money shown(Money balance) {
            return balance;
        }

        static Kind of(String letter) {
            Kind kind = BY_LETTER.get(letter);
            if (kind == null) throw new NoSuchElementException("kind " + letter);
            return kind;
        }
    }

    static class LedgerException extends Exception {
        private static final long serialVersionUID = 1L;
        final int code;

        LedgerException(int code, String message, Throwable cause) {
            super(message, cause);
            this.code = code;
        }
    }

    interface Named {
        String name();

        default String label() {
            return "<" + name().toUpperCase(Locale.ROOT) + suffix() + ">";
        }

        private String suffix() {
            return name().length() % 2 == 0 ? "" : "+";
        }

        static <T extends Named> T longest(Iterable<? extends T> all) {
            T best = null;
            for (T each : all) if (best == null || each.name().length() > best.name().length()) best = each;
            return best;
        }
    }

    static final class Account implements Named {
        private final String name;
        private final Kind kind;
        private Money balance = Money.ZERO;

        Account(String name, Kind kind) {
            this.name = name;
            this.kind = kind;
        }

        @Override
        public String name() {
            return name;
        }

        void add(Money amount) {
            Money next = balance.plus(amount);
            if (!kind.mayOwe() && next.cents() < 0) throw new IllegalStateException(name + " would owe " + next.negated());
            balance = next;
        }
    }

    record Entry(int number, String from, String to, Money amount, String note) {
    }

    // ---- the language of amounts ----------------------------------------------------------------------------------

    sealed interface Expr permits Num, Var, Binary, Call {
    }

    record Num(long value) implements Expr {
    }

    record Var(String name) implements Expr {
    }

    record Binary(char op, Expr left, Expr right) implements Expr {
    }

    record Call(String name, List<Expr> args) implements Expr {
    }

    /** Recursive descent: sums of products of numbers, names, calls and parentheses. */
    static class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Expr parse() {
            Expr result = sum();
            if (peek() != '\0') throw new IllegalArgumentException("'" + peek() + "' at " + at + " in " + text);
            return result;
        }

        private Expr sum() {
            Expr left = product();
            while (true) {
                char op = peek();
                if (op != '+' && op != '-') return left;
                at++;
                left = new Binary(op, left, product());
            }
        }

        private Expr product() {
            Expr left = atom();
            for (char op = peek(); op == '*' || op == '/' || op == '%'; op = peek()) {
                at++;
                left = new Binary(op, left, atom());
            }
            return left;
        }

        private Expr atom() {
            char c = peek();
            if (c == '(') {
                at++;
                Expr inner = sum();
                expect(')');
                return inner;
            }
            int start = at;
            while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) at++;
            String word = text.substring(start, at);
            if (word.isEmpty()) throw new IllegalArgumentException("nothing at " + at + " in " + text);
            if (Character.isDigit(c)) return new Num(Long.parseLong(word));
            if (peek() != '(') return new Var(word);
            at++;
            List<Expr> args = new ArrayList<>();
            do args.add(sum());
            while (peek() == ',' && at++ >= 0);
            expect(')');
            return new Call(word, List.copyOf(args));
        }

        private void expect(char wanted) {
            if (peek() != wanted) throw new IllegalArgumentException("no " + wanted + " at " + at + " in " + text);
            at++;
        }

        private char peek() {
            while (at < text.length() && text.charAt(at) == ' ') at++;
            return at < text.length() ? text.charAt(at) : '\0';
        }
    }

    private final Map<String, BiFunction<Long, Long, Long>> functions = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Deque<String> journal = new ArrayDeque<>();

    Ledger() {
        functions.put("max", Math::max);
        functions.put("min", Math::min);
        functions.put("gcd", new BiFunction<>() {
            @Override
            public Long apply(Long a, Long b) {
                return b == 0 ? a : this.apply(b, a % b);
            }
        });
    }

    long value(Expr expr) {
        if (expr instanceof Num num) return num.value();
        if (expr instanceof Var variable) return account(variable.name()).balance.cents();
        if (expr instanceof Binary binary) {
            long left = value(binary.left());
            long right = value(binary.right());
            return switch (binary.op()) {
                case '+' -> left + right;
                case '-' -> left - right;
                case '*' -> Math.multiplyExact(left, right);
                case '/' -> left / right;
                case '%' -> {
                    long rest = left % right;
                    yield rest < 0 ? rest + Math.abs(right) : rest;
                }
                default -> throw new AssertionError(binary.op());
            };
        }
        Call call = (Call) expr;
        BiFunction<Long, Long, Long> function = functions.get(call.name());
        if (function == null) throw new NoSuchElementException("function " + call.name());
        return call.args().stream().map(this::value).reduce(function::apply).orElseThrow();
    }

    static String shape(Expr expr) {
        StringBuilder out = new StringBuilder();
        class Printer {
            int depth;

            void print(Expr each) {
                depth = Math.max(depth, out.length());
                if (each instanceof Binary b) {
                    out.append('(');
                    print(b.left());
                    out.append(' ').append(b.op()).append(' ');
                    print(b.right());
                    out.append(')');
                } else if (each instanceof Call c) {
                    out.append(c.name()).append(c.args().stream().map(Ledger::shape).collect(Collectors.joining(", ", "[", "]")));
                } else {
                    out.append(each instanceof Num n ? "#" + n.value() : ((Var) each).name());
                }
            }
        }
        Printer printer = new Printer();
        printer.print(expr);
        return out + "@" + printer.depth;
    }

    // ---- transactions ---------------------------------------------------------------------------------------------

    Account account(String name) {
        return Objects.requireNonNull(accounts.get(name), () -> "account " + name);
    }

    class Transaction implements AutoCloseable {
        private final List<Runnable> undo = new ArrayList<>();
        private final int firstEntry = entries.size();
        private boolean committed;

        void move(String from, String to, String amount, String note) {
            Money money = new Money(value(new Parser(amount).parse()));
            change(account(from), money.negated());
            change(account(to), money);
            entries.add(new Entry(entries.size() + 1, from, to, money, note));
        }

        private void change(Account account, Money amount) {
            account.add(amount);
            undo.add(() -> account.balance = account.balance.plus(amount.negated()));
        }

        void commit() {
            committed = true;
        }

        @Override
        public void close() {
            if (committed) return;
            Collections.reverse(undo);
            undo.forEach(Runnable::run);
            entries.subList(firstEntry, entries.size()).clear();
            Ledger.this.journal.addLast("rolled back " + undo.size());
        }
    }

    void command(String line) throws LedgerException {
        String[] words = line.strip().split("\\s*;\\s*");
        int done = 0;
        try (Transaction transaction = new Transaction()) {
            for (String word : words) {
                String[] parts = word.split(" ", 4);
                switch (parts[0]) {
                    case "open" -> accounts.put(parts[1], new Account(parts[1], Kind.of(parts[2])));
                    case "move" -> transaction.move(parts[1], parts[2], parts[3], "step " + done);
                    case "show", "print" -> journal.add(parts[1] + " = " + account(parts[1]).balance);
                    default -> throw new UnsupportedOperationException(parts[0]);
                }
                done++;
            }
            transaction.commit();
        } catch (ArithmeticException | IllegalStateException e) {
            throw new LedgerException(done, "step " + done + ": " + e.getMessage(), e);
        } catch (NullPointerException e) {
            throw new LedgerException(-done, e.getMessage(), null);
        } finally {
            journal.add("done " + done + " of " + words.length);
        }
    }

    // ---- reports --------------------------------------------------------------------------------------------------

    /** Pages of a list, without copying it. */
    static <T> Iterable<List<T>> pages(List<T> list, int size) {
        return () -> new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < list.size();
            }

            @Override
            public List<T> next() {
                int from = at;
                at = Math.min(at + size, list.size());
                return list.subList(from, at);
            }
        };
    }

    void report() {
        Map<Kind, List<Account>> byKind = accounts.values().stream()
                .collect(Collectors.groupingBy(a -> a.kind, () -> new EnumMap<>(Kind.class), Collectors.toList()));
        byKind.forEach((kind, list) -> System.out.printf(Locale.ROOT, "%-7s %s%n", kind, list.stream()
                .sorted(Comparator.comparing((Account a) -> a.balance).reversed().thenComparing(Account::name))
                .map(a -> a.name() + " " + kind.shown(a.balance)).collect(Collectors.joining(", "))));
        int page = 0;
        for (List<Entry> part : pages(entries, 3)) {
            System.out.println("page " + ++page);
            for (Entry e : part) System.out.printf(Locale.ROOT, "%4d %-6s -> %-6s %12s  %s%n", e.number(), e.from(), e.to(), e.amount(), e.note());
        }
        Map<Boolean, Long> split = entries.stream().collect(Collectors.partitioningBy(e -> e.amount().cents() >= 10_000, Collectors.counting()));
        System.out.println("large and small: " + split);
        System.out.println("longest name: " + Named.<Account>longest(accounts.values()).label());
    }

    static int outcome(Supplier<Integer> body) {
        int tries = 0;
        retry:
        while (true) {
            try {
                tries++;
                int got = body.get();
                if (got < 3) continue retry;
                return got * 10 + tries;
            } catch (RuntimeException e) {
                return -tries;
            } finally {
                if (tries > 4) break;
            }
        }
        return 1000 + tries;
    }

    static final String SCRIPT = """
            open purse C; open card K; open wages I
            move wages purse 250000; show purse
            move purse card 1999 * 3; move purse card (card % 1000) * 2 + 1; print card
            move card purse max(100, 7 * 4, gcd(1071, 462) * 5); show card
            move purse card 99999999
            move purse card 100 / (card - card)
            move purse nowhere 5
            move purse card 1; jump over
            open vault Z
            move wages card 10000000 * 10000000
            move wages purse min(12345, 67890); move wages \
            purse 1 - 2; show wages
            """;

    public static void main(String[] args) {
        Ledger ledger = new Ledger();
        for (String line : SCRIPT.lines().toList()) {
            try {
                ledger.command(line);
                System.out.println("ok      " + line);
            } catch (LedgerException e) {
                System.out.println("refused " + line + ": " + e.getMessage() + " (" + e.code + ", " + e.getCause() + ")");
            } catch (UnsupportedOperationException | NoSuchElementException e) {
                System.out.println("unknown " + e.getMessage());
            }
        }
        ledger.journal.forEach(line -> System.out.println("  " + line));
        ledger.report();

        for (String text : List.of("1+2*3", "(a - b) / f(1, g(2 % c))", "1 +", "2 2", "f(1")) {
            String result;
            try {
                result = shape(new Parser(text).parse());
            } catch (IllegalArgumentException e) {
                result = e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            System.out.println(text + " => " + result);
        }
        Iterator<Integer> numbers = Stream.iterate(0, n -> n + 1).iterator();
        System.out.println(outcome(numbers::next) + " " + outcome(() -> 1) + " " + outcome(() -> Integer.parseInt("x")));

        IntBinaryOperator power = (base, exponent) -> IntStream.range(0, exponent).reduce(1, (a, b) -> a * base);
        Function<Integer, Function<Integer, Integer>> curried = a -> b -> power.applyAsInt(a, b);
        System.out.println(curried.apply(3).apply(13) + " " + Integer.toHexString(curried.apply(7).apply(12)));
        int[][] grid = IntStream.range(0, 5).mapToObj(i -> IntStream.rangeClosed(0, i).map(j -> i * j).toArray()).toArray(int[][]::new);
        System.out.println(Stream.of(grid).map(row -> IntStream.of(row).sum()).toList() + " " + grid[4][3]);
        System.out.println(new Entry(1, "a", "b", Money.of(-3, -7), null) + " " + new Money(5).equals(Money.of(0, 5)));
        long hash = 17;
        for (char c : SCRIPT.toCharArray()) hash = hash * 31 + (c ^ hash >>> 40);
        System.out.printf(Locale.ROOT, "%016x %.6f %e%n", hash, (double) hash / Long.MAX_VALUE, (float) (hash >> 20));
    }
}
