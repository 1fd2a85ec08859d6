/** clone, equals and hashCode contracts, toString defaults, getClass, Cloneable, wait-free Object facts, instanceof with arrays. */
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

public class ObjectMethods {
    static class Shallow implements Cloneable {
        int n = 1;
        int[] data = {1, 2};
        Shallow copy() throws CloneNotSupportedException { return (Shallow) clone(); }
    }

    static class Deep extends Shallow {
        String extra = "e";
        @Override protected Object clone() throws CloneNotSupportedException {
            Deep d = (Deep) super.clone();
            d.data = data.clone();
            return d;
        }
    }

    static class NotCloneable {
        Object tryIt() throws CloneNotSupportedException { return clone(); }
    }

    static class Key {
        final String a;
        final int b;
        Key(String a, int b) { this.a = a; this.b = b; }
        @Override public boolean equals(Object o) { return o instanceof Key k && k.a.equals(a) && k.b == b; }
        @Override public int hashCode() { return 31 * a.hashCode() + b; }
        @Override public String toString() { return a + "/" + b; }
    }

    static class Symmetric extends Key {
        Symmetric(String a) { super(a, 0); }
        @Override public boolean equals(Object o) { return super.equals(o) && o.getClass() == getClass(); }
    }

    public static void main(String[] args) throws Exception {
        Shallow s = new Shallow(), copy = s.copy();
        copy.n = 5;
        copy.data[0] = 9;
        System.out.println(s.n + " " + s.data[0] + " " + (s != copy) + " " + (s.getClass() == copy.getClass()));
        Deep d = new Deep(), deepCopy = (Deep) d.copy();
        deepCopy.data[0] = 7;
        System.out.println(d.data[0] + " " + deepCopy.extra + " " + deepCopy.getClass().getSimpleName());
        try {
            new NotCloneable().tryIt();
        } catch (CloneNotSupportedException e) {
            System.out.println(e.getMessage());
        }
        Set<Object> keys = new HashSet<>();
        keys.add(new Key("x", 1));
        keys.add(new Key("x", 1));
        keys.add(new Symmetric("x"));
        keys.add(new Key("x", 0));
        System.out.println(keys.size() + " " + keys.contains(new Key("x", 1)) + " " + new Key("q", 2).hashCode() + " " + new Key("x", 0).equals(new Symmetric("x")) + new Symmetric("x").equals(new Key("x", 0)));
        Object plain = new Object();
        System.out.println(plain.toString().equals("java.lang.Object@" + Integer.toHexString(plain.hashCode())) + " " + new int[0].toString().startsWith("[I@") + " " + new Key[0][0].toString().startsWith("[[LObjectMethods$Key;@"));
        Object[] things = {1, 2L, "s", 'c', 1.5, new int[] {1}, new int[][] {{1}}, new String[0], null, Key.class, new Shallow[1], Thread.State.NEW, (Runnable) () -> { }};
        for (Object o : things) {
            StringBuilder is = new StringBuilder();
            is.append(o instanceof Number ? 'N' : '-').append(o instanceof Comparable ? 'C' : '-').append(o instanceof Object[] ? 'O' : '-').append(o instanceof int[] ? 'I' : '-')
                .append(o instanceof Cloneable ? 'L' : '-').append(o instanceof java.io.Serializable ? 'S' : '-').append(o instanceof CharSequence ? 'Q' : '-').append(o instanceof Object ? '+' : '0')
                .append(o instanceof Cloneable[] ? 'c' : '-').append(o instanceof Runnable ? 'R' : '-');
            System.out.println(is);
        }
        System.out.println(new int[0].getClass() == int[].class ? "same class" : "other");
        System.out.println(Arrays.asList(new Key("l", 1), new Symmetric("m")) + " " + new Object[] {1}.clone().length + " " + ((Object) new int[] {4, 5}.clone()).getClass().getSimpleName());
    }
}
