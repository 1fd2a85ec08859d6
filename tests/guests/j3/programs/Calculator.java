/** A small whole program: tokenizer, recursive descent parser and evaluator with variables and errors, reading stdin. */
// stdin: x = 3\ny = x * (2 + 4) - -1\ny / 2\n2 ^ 3 ^ 2\n10 % 4 + 0.5\n1 / 0\nz + 1\n(1 + 2\n3 $ 4\nmax(1, y, 7) + sqrt(16)\n\n
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;

public class Calculator {
    static class SyntaxException extends RuntimeException {
        SyntaxException(String message, int at) { super(message + " at " + at); }
    }

    final Map<String, Double> variables = new HashMap<>(Map.of("pi", Math.PI));
    static final Map<Character, DoubleBinaryOperator> OPERATORS = Map.of('+', (a, b) -> a + b, '-', (a, b) -> a - b, '*', (a, b) -> a * b, '/', (a, b) -> a / b, '%', (a, b) -> a % b, '^', Math::pow);
    static final Map<String, Function<List<Double>, Double>> FUNCTIONS = Map.of("max", l -> l.stream().max(Double::compare).orElseThrow(), "sqrt", l -> Math.sqrt(l.get(0)));
    String text;
    int at;

    char peek() {
        while (at < text.length() && text.charAt(at) == ' ') at++;
        return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean accept(char c) {
        if (peek() != c) return false;
        at++;
        return true;
    }

    static int precedence(char c) {
        return switch (c) {
            case '+', '-' -> 1;
            case '*', '/', '%' -> 2;
            case '^' -> 3;
            default -> 0;
        };
    }

    double expression(int minimum) {
        double left = unary();
        for (char op; precedence(op = peek()) >= minimum && precedence(op) > 0;) {
            at++;
            double right = expression(op == '^' ? precedence(op) : precedence(op) + 1);
            left = OPERATORS.get(op).applyAsDouble(left, right);
        }
        return left;
    }

    double unary() {
        if (accept('-')) return -unary();
        if (accept('(')) {
            double value = expression(1);
            if (!accept(')')) throw new SyntaxException("expected )", at);
            return value;
        }
        char c = peek();
        int start = at;
        if (Character.isDigit(c)) {
            while (Character.isDigit(c) || c == '.') c = ++at < text.length() ? text.charAt(at) : '\0';
            return Double.parseDouble(text.substring(start, at));
        }
        if (!Character.isLetter(c)) throw new SyntaxException("unexpected '" + (c == 0 ? "end" : c) + "'", at);
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) at++;
        String name = text.substring(start, at);
        if (!accept('(')) {
            if (!variables.containsKey(name)) throw new SyntaxException("unknown " + name, start);
            return variables.get(name);
        }
        List<Double> arguments = new ArrayList<>();
        do arguments.add(expression(1));
        while (accept(','));
        if (!accept(')')) throw new SyntaxException("expected )", at);
        return FUNCTIONS.get(name).apply(arguments);
    }

    String evaluate(String line) {
        int equals = line.indexOf('=');
        text = line.substring(equals + 1);
        at = 0;
        double value = expression(1);
        if (peek() != 0) throw new SyntaxException("rest '" + text.substring(at) + "'", at);
        if (equals > 0) variables.put(line.substring(0, equals).trim(), value);
        return value == Math.rint(value) && !Double.isInfinite(value) ? Long.toString((long) value) : Double.toString(value);
    }

    public static void main(String[] args) {
        Calculator calculator = new Calculator();
        Scanner in = new Scanner(System.in);
        while (in.hasNextLine()) {
            String line = in.nextLine();
            if (line.isBlank()) break;
            try {
                System.out.println(line + " -> " + calculator.evaluate(line));
            } catch (SyntaxException e) {
                System.out.println(line + " !! " + e.getMessage());
            }
        }
    }
}
