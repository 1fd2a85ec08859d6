/** Java serialization: graphs with cycles, transient, custom read and write, inheritance, enums, records, externalizable, errors. */
import java.io.*;
import java.util.*;

public class Serialization {
    static class Base { // not serializable: its constructor runs on reading
        int base = 1;
        Base() { System.out.println("Base()"); }
    }

    static class Node extends Base implements Serializable {
        private static final long serialVersionUID = 7;
        String name;
        transient int cache = 99;
        List<Node> links = new ArrayList<>();
        final int[] data = {1, 2, 3};
        Node(String name) { this.name = name; base = 50; }
    }

    static class Custom implements Serializable {
        private transient String secret;
        private long count = Long.MIN_VALUE;
        Custom(String s) { secret = s; }
        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeObject(new StringBuilder(secret).reverse().toString());
        }
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            secret = new StringBuilder((String) in.readObject()).reverse().toString();
        }
    }

    enum Color { RED, GREEN { @Override public String toString() { return "green!"; } } }
    record Point(int x, double y, Color c) implements Serializable { Point { if (x < 0) throw new IllegalArgumentException(); } }

    public static class Ext implements Externalizable {
        int v;
        public Ext() { System.out.println("Ext()"); }
        public void writeExternal(ObjectOutput out) throws IOException { out.writeInt(v * 2); }
        public void readExternal(ObjectInput in) throws IOException { v = in.readInt(); }
    }

    static class Single implements Serializable {
        static final Single INSTANCE = new Single();
        private Object readResolve() { return INSTANCE; }
    }

    static byte[] write(Object o) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) { out.writeObject(o); }
        return bytes.toByteArray();
    }

    @SuppressWarnings("unchecked")
    static <T> T copy(T o) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(write(o)))) { return (T) in.readObject(); }
    }

    public static void main(String[] args) throws Exception {
        Node a = new Node("a"), b = new Node("b");
        a.links.add(b);
        a.links.add(a);
        b.links.add(a);
        Node c = copy(a);
        System.out.println(c.name + " " + (c.links.get(1) == c) + " " + (c.links.get(0).links.get(0) == c) + " " + c.cache + " " + c.base + " " + c.data.length + c.data[2]);
        Custom custom = copy(new Custom("secret"));
        System.out.println(custom.secret + " " + custom.count);
        Ext ext = new Ext();
        ext.v = 21;
        System.out.println(copy(new Point(1, 2.5, Color.GREEN)) + " " + (copy(Color.RED) == Color.RED) + " " + copy(ext).v + " " + (copy(Single.INSTANCE) == Single.INSTANCE));
        Map<String, Object> map = new TreeMap<>(Map.of("list", List.of(1, 2L, 'c'), "array", new String[] {"x", null}, "date", new Date(0), "big", new java.math.BigInteger("123456789012345678901")));
        Map<String, Object> back = copy(map);
        System.out.println(back.keySet() + " " + back.get("list") + " " + Arrays.toString((Object[]) back.get("array")) + " " + ((Date) back.get("date")).getTime() + " " + back.get("big") + " " + copy(new HashSet<>(List.of(5, 6))) + copy(new ArrayDeque<>(List.of(1))) + copy(Optional.class).getSimpleName());
        byte[] bytes = write("text");
        System.out.println(bytes.length + " " + Arrays.toString(bytes) + " " + write(a).length + " " + ObjectStreamClass.lookup(Custom.class).getSerialVersionUID() + " " + ObjectStreamClass.lookup(Node.class));
        for (Object bad : new Object[] {new Object(), List.of(new Object()), new Thread()}) {
            try {
                write(bad);
            } catch (NotSerializableException e) {
                System.out.println(e);
            }
        }
        bytes[0] = 0;
        try {
            new ObjectInputStream(new ByteArrayInputStream(bytes));
        } catch (StreamCorruptedException e) {
            System.out.println(e.getMessage());
        }
    }
}
