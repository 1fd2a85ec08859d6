/** Inner, nested, local and anonymous classes; captured variables, outer access, shadowing, initialisation of captures. */
public class InnerClasses {
    private int count = 10;
    private static String prefix = "p";

    class Counter {
        private int count = 1;

        class Deep {
            int sum() { return count + Counter.this.count + InnerClasses.this.count++; }
        }

        int next() { return InnerClasses.this.count += count; }
    }

    static class Nested {
        private int secret = 5;
        private Nested() { }
        private int twice() { return secret * 2; }
    }

    interface Visitor { String visit(int x); }

    abstract static class Greeter {
        final String text;
        Greeter(String name) { text = greet(name); }
        abstract String greet(String name);
    }

    Visitor local(int base, String tag) {
        int doubled = base * 2;
        class Local implements Visitor {
            int calls;
            public String visit(int x) { return tag + (doubled + x + count) + "#" + ++calls; }
        }
        Local l = new Local();
        l.visit(0);
        return l;
    }

    Visitor anonymous(int base) {
        return new Visitor() {
            int seen = base;
            { seen *= 10; }
            public String visit(int x) {
                Visitor inner = y -> prefix + (seen += y) + " " + count;
                return inner.visit(x);
            }
        };
    }

    class Sub extends Counter {
        Sub(InnerClasses other) { other.super(); }
    }

    public static void main(String[] args) {
        InnerClasses outer = new InnerClasses();
        Counter counter = outer.new Counter();
        Counter.Deep deep = counter.new Deep();
        System.out.println(counter.next() + " " + deep.sum() + " " + deep.sum() + " " + outer.count);
        Nested n = new Nested();
        n.secret++;
        System.out.println(n.twice() + " " + n.secret);
        Visitor l = outer.local(3, "t");
        System.out.println(l.visit(1) + " " + l.visit(1));
        Visitor a = outer.anonymous(2);
        System.out.println(a.visit(1) + ", " + a.visit(2));
        InnerClasses second = new InnerClasses();
        second.count = 100;
        System.out.println(outer.new Sub(second).next() + " " + second.count);
        int captured = args.length + 4;
        Greeter g = new Greeter("Ann") {
            String greet(String name) { return "hi " + name + captured; } // captured is set before super()
        };
        System.out.println(g.text);
        for (Object o : new Object[] {counter, deep, n, l, a, g}) {
            Class<?> c = o.getClass();
            System.out.println(c.getName() + " '" + c.getSimpleName() + "' " + c.isAnonymousClass() + c.isLocalClass() + c.isMemberClass() + " "
                + c.getEnclosingClass().getSimpleName() + " " + c.getEnclosingMethod());
        }
    }
}
