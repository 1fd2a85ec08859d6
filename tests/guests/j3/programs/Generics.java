/** Generics: bridges, bounded and recursive types, wildcards, heap pollution, nested generics, varargs, generic signatures. */
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

public class Generics {
    static class Box<T> {
        T value;
        Box(T value) { this.value = value; }
        T get() { return value; }
        <R> Box<R> map(Function<? super T, ? extends R> f) { return new Box<>(f.apply(value)); }
        class Reader { T read() { return value; } }
    }

    static class IntBox extends Box<Integer> implements Comparable<IntBox> {
        IntBox(int v) { super(v); }
        @Override Integer get() { return super.get() + 1; } // needs a bridge
        @Override public int compareTo(IntBox o) { return value - o.value; }
    }

    interface Node<T extends Node<T>> { T self(); default T twice() { return self().self(); } }
    static class Leaf implements Node<Leaf> { int n; public Leaf self() { n++; return this; } }

    static <T extends Comparable<? super T>> T max(Collection<? extends T> c) {
        T best = null;
        for (T t : c) if (best == null || t.compareTo(best) > 0) best = t;
        return best;
    }

    static double sum(List<? extends Number> list) {
        double s = 0;
        for (Number n : list) s += n.doubleValue();
        return s;
    }

    static void fill(List<? super Integer> sink) { for (int i = 0; i < 3; i++) sink.add(i); }

    @SafeVarargs
    static <T> List<T> listOf(T... items) { return new ArrayList<>(Arrays.asList(items)); }

    static <K, V extends Comparable<V>> Map<V, List<K>> invert(Map<K, V> map) {
        Map<V, List<K>> result = new java.util.TreeMap<>();
        for (Map.Entry<K, V> e : map.entrySet()) result.computeIfAbsent(e.getValue(), v -> new ArrayList<>()).add(e.getKey());
        return result;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    public static void main(String[] args) throws Exception {
        Box<Integer> box = new IntBox(41);
        System.out.println(box.get() + " " + box.map(i -> "n" + i).get() + " " + box.new Reader().read());
        System.out.println(((Comparable) new IntBox(3)).compareTo(new IntBox(5)));
        try {
            ((Comparable) new IntBox(3)).compareTo("a");
        } catch (ClassCastException e) {
            System.out.println("bridge cast " + e.getMessage().substring(0, 30));
        }
        System.out.println(max(List.of("pear", "zebra", "apple")) + " " + sum(List.of(1, 2.5, 3L)) + " " + new Leaf().twice().n);
        List<Number> sink = listOf(9.5);
        fill(sink);
        System.out.println(sink + " " + listOf("a", "b").get(1) + listOf().size());
        Map<String, Integer> lengths = new HashMap<>();
        for (String s : "one two three four five six".split(" ")) lengths.put(s, s.length());
        Map<Integer, List<String>> inverted = invert(lengths);
        inverted.values().forEach(l -> l.sort(Comparator.reverseOrder()));
        System.out.println(inverted);
        List raw = new ArrayList<String>();
        raw.add(42);
        try {
            String s = ((List<String>) raw).get(0);
        } catch (ClassCastException e) {
            System.out.println("polluted");
        }
        List<String> signatures = new ArrayList<>();
        for (var m : IntBox.class.getDeclaredMethods()) signatures.add(m.toGenericString() + (m.isBridge() ? " bridge" : ""));
        signatures.add(Generics.class.getDeclaredMethod("max", Collection.class).toGenericString());
        signatures.add(IntBox.class.getGenericSuperclass() + " " + Arrays.toString(IntBox.class.getGenericInterfaces()));
        signatures.sort(null);
        signatures.forEach(System.out::println);
    }
}
