/** Checked and unchecked exceptions, multi-catch, precise rethrow, causes, suppressed, own classes, stack trace elements. */
import java.io.IOException;
import java.util.concurrent.TimeoutException;

public class ExceptionClasses {
    static class AppException extends Exception {
        final int code;

        AppException(String message, int code, Throwable cause) {
            super(message, cause);
            this.code = code;
        }

        @Override public String toString() { return "AppException#" + code + "(" + getMessage() + ")"; }
    }

    static class Light extends RuntimeException {
        Light() { super("light", null, false, false); }
    }

    static void thrower(int kind) throws IOException, TimeoutException, AppException {
        switch (kind) {
            case 0: throw new IOException("disk");
            case 1: throw new TimeoutException();
            case 2: throw new AppException("app", 7, new IOException("root"));
            case 3: throw new Light();
            case 4: throw new StackOverflowError("pretended");
            case 5: Object o = kind; String s = (String) o; break;
            default:
        }
    }

    static void rethrow(int kind) throws IOException, TimeoutException, AppException {
        try {
            thrower(kind);
        } catch (final Exception e) {
            System.out.println("  passing " + e.getClass().getSimpleName());
            throw e;
        }
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> void sneaky(Throwable t) throws T { throw (T) t; }

    public static void main(String[] args) {
        for (int kind = 0; kind < 7; kind++) {
            try {
                rethrow(kind);
                System.out.println(kind + " nothing");
            } catch (IOException | TimeoutException e) {
                System.out.println(kind + " io or time: " + e);
            } catch (AppException e) {
                System.out.println(kind + " " + e + " code " + e.code + " cause " + e.getCause());
            } catch (RuntimeException e) {
                System.out.println(kind + " runtime: " + e.getMessage().length() + " " + e.getStackTrace().length / 100);
            } catch (Error e) {
                System.out.println(kind + " error: " + e);
            }
        }
        try {
            ExceptionClasses.<RuntimeException>sneaky(new IOException("sneaked"));
        } catch (Exception e) {
            System.out.println(e + " " + (e instanceof RuntimeException));
        }
        Exception outer = new Exception("outer", new Exception(new Error("innermost")));
        outer.addSuppressed(new RuntimeException("s1"));
        outer.addSuppressed(new RuntimeException("s2", new Light()));
        for (Throwable t = outer; t != null; t = t.getCause()) System.out.println(t + " " + t.getSuppressed().length);
        try {
            outer.addSuppressed(outer);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        StackTraceElement top = new Throwable().getStackTrace()[0];
        System.out.println(top + " | " + top.getMethodName() + " " + top.getLineNumber() + " " + top.getClassName() + " " + top.isNativeMethod());
    }
}
