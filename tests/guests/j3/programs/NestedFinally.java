/** finally in all its forms: overriding returns, nested, in loops, rethrow, and try-with-resources. */
public class NestedFinally {
    static StringBuilder log = new StringBuilder();

    static class Resource implements AutoCloseable {
        final String name;
        final boolean fails;

        Resource(String name, boolean fails) {
            this.name = name;
            this.fails = fails;
            log.append("open ").append(name).append("; ");
        }

        public void close() throws Exception {
            log.append("close ").append(name).append("; ");
            if (fails) throw new Exception("close of " + name);
        }
    }

    static int kept() {
        int x = 1;
        try {
            return x;
        } finally {
            x = 2;
        }
    }

    @SuppressWarnings("finally")
    static int overridden() {
        try {
            throw new RuntimeException("lost");
        } finally {
            return 3;
        }
    }

    static String nested(int depth) {
        try {
            try {
                log.append("body ").append(depth).append("; ");
                if (depth == 0) throw new IllegalArgumentException("inner");
                if (depth == 1) return "returned";
                nested(depth - 2);
            } catch (IllegalArgumentException e) {
                log.append("caught ").append(e.getMessage()).append("; ");
                throw new IllegalStateException("outer", e);
            } finally {
                log.append("finally ").append(depth).append("; ");
            }
        } catch (IllegalStateException e) {
            return e.getMessage() + " because " + e.getCause().getMessage();
        } finally {
            log.append("last ").append(depth).append("; ");
        }
        return "fell through";
    }

    static int loops() {
        int count = 0;
        for (int i = 0; ; i++) {
            try {
                if (i % 2 == 0) continue;
                if (i > 6) break;
                count += i;
            } finally {
                count += 100;
            }
        }
        return count;
    }

    public static void main(String[] args) throws Exception {
        System.out.println(kept() + " " + overridden() + " " + loops());
        for (int i = 0; i < 4; i++) System.out.println(nested(i));
        System.out.println(log);
        log.setLength(0);
        try (Resource a = new Resource("a", true); Resource b = new Resource("b", false); Resource c = new Resource("c", true)) {
            throw new RuntimeException("body");
        } catch (Exception e) {
            System.out.println(e.getMessage());
            for (Throwable s : e.getSuppressed()) System.out.println("  suppressed " + s.getMessage());
        } finally {
            log.append("done");
        }
        try (Resource none = null; Resource d = new Resource("d", true)) {
            log.append("; ");
        } catch (Exception e) {
            System.out.println(e.getMessage() + " " + e.getSuppressed().length);
        }
        System.out.println(log);
    }
}
