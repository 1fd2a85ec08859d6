/** Dispatch shapes: mono-, bi- and megamorphic interface calls, diamonds, defaults, super calls, private and static ones. */
public class InterfaceShapes {
    interface Area { double area(); default String kind() { return "area"; } }
    interface Name { String name(); default String kind() { return "name"; } static Name of(String s) { return () -> s; } }
    interface Both extends Area, Name {
        default String kind() { return Area.super.kind() + "+" + Name.super.kind() + "/" + secret(); }
        private String secret() { return "private " + name().length(); }
    }
    record Circle(double r) implements Both { public double area() { return 3 * r * r; } public String name() { return "circle"; } }
    record Square(double s) implements Both { public double area() { return s * s; } public String name() { return "square"; }
        public String kind() { return "own " + Both.super.kind(); } }
    static class Blob implements Area, Name {
        public double area() { return 0.5; }
        public String name() { return "blob"; }
        public String kind() { return Name.super.kind(); }
    }
    static class BigBlob extends Blob { @Override public double area() { return super.area() * 100; } }
    enum Unit implements Area { ONE { public double area() { return 1; } }, TWO { public double area() { return 2; } } }
    static abstract class Partial implements Comparable<Partial>, Area {
        abstract int rank();
        public int compareTo(Partial o) { return Integer.compare(rank(), o.rank()); }
        public double area() { return rank(); }
    }
    static class Ranked extends Partial { final int r; Ranked(int r) { this.r = r; } int rank() { return r; } }

    static class A { String who() { return "A"; } String call() { return who() + hidden(); } private String hidden() { return "a"; } static String st() { return "sA"; } }
    static class B extends A { @Override String who() { return "B" + super.who(); } private String hidden() { return "b"; } static String st() { return "sB"; } }
    static class C extends B { @Override String who() { return "C" + super.who(); } String hidden() { return "c"; } }

    static double total(Area[] areas, int rounds) {
        double sum = 0;
        for (int i = 0; i < rounds; i++) sum += areas[i % areas.length].area();
        return sum;
    }

    public static void main(String[] args) {
        Area lambda = () -> 7;
        Area[] mono = {new Circle(1)};
        Area[] bi = {new Circle(1), new Square(2)};
        Area[] mega = {new Circle(1), new Square(2), new Blob(), new BigBlob(), Unit.ONE, Unit.TWO, new Ranked(9), lambda,
            new Area() { public double area() { return 11; } }};
        System.out.println(total(mono, 1000) + " " + total(bi, 1000) + " " + total(mega, 9000));
        for (Area a : mega) System.out.print(a.kind() + "; ");
        System.out.println();
        System.out.println(Name.of("static").name() + " " + Name.of("x").kind());
        System.out.println(new Ranked(3).compareTo(new Ranked(5)) + " " + ((Comparable<Partial>) new Ranked(8)).compareTo(new Ranked(5)));
        System.out.println(new A().call() + " " + new B().call() + " " + new C().call() + " " + A.st() + B.st() + C.st());
        System.out.println(mega[0].equals(new Circle(1)) + " " + mega[4].hashCode() * 0 + " " + mega[1] + " " + Unit.valueOf("TWO"));
        Object o = mega[3];
        System.out.println((o instanceof Blob) + " " + (o instanceof Name n && n.name().equals("blob")) + " " + (o instanceof Both) + " " + (lambda instanceof Name));
    }
}
