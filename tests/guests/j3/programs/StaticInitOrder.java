/** When classes initialise: constants do not, superclasses first, interfaces only with defaults, recursion sees defaults. */
public class StaticInitOrder {
    static int say(String what) {
        System.out.println("init " + what);
        return what.length();
    }

    static class Base {
        static final int CONSTANT = 42;
        static final Integer BOXED = say("Base");
        static int counter = 7;
        static { counter *= 2; }
    }

    static class Derived extends Base {
        static int own = say("Derived");
        static void touch() { }
    }

    interface Silent {
        int X = say("Silent");
        void nothing();
    }

    interface Loud {
        int Y = say("Loud");
        default void hello() { }
    }

    static class Implementer implements Silent, Loud {
        static { say("Implementer"); }
        public void nothing() { }
    }

    static class Ping {
        static int early = Pong.value + 1;
        static int late = 10;
    }

    static class Pong {
        static int value = Ping.late + 5; // sees 0 when Ping is being initialised
    }

    static class Instance {
        int a = say("field a");
        { say("block"); }
        int b = say("field b");
        Instance() { this("delegated"); say("constructor"); }
        Instance(String s) { say(s); describe(); }
        void describe() { System.out.println("a=" + a + " b=" + b); }
    }

    static class Sub extends Instance {
        String text = "set late";
        final String constant = "inlined";
        @Override void describe() { System.out.println("sub sees " + text + " " + constant); }
    }

    static class Unused { static { say("never"); } }

    public static void main(String[] args) throws Exception {
        System.out.println("main " + Base.CONSTANT);
        Derived[] none = new Derived[3];
        Class<?> literal = Derived.class;
        System.out.println("array and literal do not");
        System.out.println(Derived.counter); // initialises only Base
        Derived.touch();
        new Implementer();
        System.out.println(Silent.X);
        System.out.println(Ping.early + " " + Pong.value);
        new Sub();
        System.out.println(none.length + literal.getSimpleName());
        Class<?> byName = Class.forName("StaticInitOrder$Late", false, StaticInitOrder.class.getClassLoader());
        System.out.println("loaded " + byName.getSimpleName());
        Class.forName("StaticInitOrder$Late");
    }

    static class Late { static { say("Late"); } }
}
