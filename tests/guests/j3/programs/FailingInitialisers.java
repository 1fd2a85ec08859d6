/** A failing static initialiser: ExceptionInInitializerError once, then NoClassDefFoundError; Errors pass unwrapped. */
public class FailingInitialisers {
    static class Broken {
        static int value;
        static {
            System.out.println("trying Broken");
            value = Integer.parseInt("not a number");
        }
        static void hello() { System.out.println("hello"); }
    }

    static class BrokenChild extends Broken {
        static { System.out.println("never printed"); }
    }

    static class ThrowsError {
        static final Object o = fail();
        static Object fail() { throw new AssertionError("an error"); }
    }

    static class Half {
        static int first = 1;
        static int second = 1 / zero();
        static int zero() { return 0; }
    }

    interface Risky {
        void run();
    }

    static void attempt(String what, Risky risky) {
        try {
            risky.run();
        } catch (Throwable t) {
            System.out.println(what + ": " + t);
            for (Throwable c = t.getCause(); c != null; c = c.getCause()) System.out.println("  cause " + c);
        }
    }

    public static void main(String[] args) {
        attempt("first", () -> Broken.hello());
        attempt("second", () -> Broken.hello());
        attempt("field", () -> System.out.println(Broken.value));
        attempt("child", () -> new BrokenChild());
        attempt("new", () -> new Broken());
        attempt("error", () -> System.out.println(ThrowsError.o));
        attempt("error again", () -> System.out.println(ThrowsError.o));
        attempt("half", () -> System.out.println(Half.first));
        attempt("reflective", () -> {
            try {
                Class.forName("FailingInitialisers$Half");
            } catch (ClassNotFoundException e) {
                System.out.println("not here");
            }
        });
        attempt("array is fine", () -> System.out.println(new Broken[2].length));
        attempt("missing", () -> {
            try {
                Class.forName("no.such.Type");
            } catch (ClassNotFoundException e) {
                System.out.println(e);
            }
        });
    }
}
