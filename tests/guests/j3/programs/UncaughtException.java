/** An exception leaves main: trace with cause and suppressed on stderr, exit code 1. */
public class UncaughtException {
    static class Failure extends RuntimeException {
        Failure(String message, Throwable cause) { super(message, cause); }
    }

    static void work(int depth) {
        if (depth > 0) {
            work(depth - 1);
            return;
        }
        try {
            Object o = null;
            o.hashCode();
        } catch (NullPointerException e) {
            Failure f = new Failure("work failed", e);
            f.addSuppressed(new IllegalStateException("while cleaning up", new Exception("deeper")));
            throw f;
        }
    }

    public static void main(String[] args) {
        System.out.println("before");
        try {
            work(3);
        } finally {
            System.out.println("finally runs");
        }
        System.out.println("never");
    }
}
