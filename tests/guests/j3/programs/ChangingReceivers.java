/** Calls whose receivers change: one class for long, then others; sites that two callers pollute; tests of exact classes and their casts. */
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public class ChangingReceivers {
    interface Shape {
        int area(int x);

        default String name() { return "shape"; }
    }

    static class Square implements Shape {
        public int area(int x) { return x * x; }
    }

    static final class Cube extends Square {
        public int area(int x) { return 6 * super.area(x); }
        public String name() { return "cube"; }
    }

    record Bar(int width) implements Shape {
        public int area(int x) { return width * x; }
        public String name() { return "bar " + width; }
    }

    enum Sign implements Shape {
        PLUS { public int area(int x) { return x; } },
        MINUS { public int area(int x) { return -x; } };
    }

    static abstract class Animal {
        abstract String sound();
        String twice() { return sound() + sound(); }
    }

    static class Cat extends Animal {
        String sound() { return "miau"; }
    }

    static class Dog extends Animal {
        String sound() { return "wau"; }
        String twice() { return "!" + super.twice(); }
    }

    /** One site for all callers. */
    static int sum(Shape shape, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) sum += shape.area(i) ^ shape.name().length();
        return sum;
    }

    static int squares(int n) { return sum(new Square(), 0, n); }
    static int bars(int n) { return sum(new Bar(n), 0, n); }

    static Object pick(int i, Object one, Object other) { return (i & 15) == 15 ? other : one; }

    static int keys(Map<Object, Integer> map, Object key, int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) sum += map.merge(key, i, Integer::sum) + key.hashCode() % 7;
        return sum;
    }

    static int exact(Object o) {
        if (o instanceof Integer i) return i.intValue() + ((Number) o).intValue() + (o.equals(i) ? 1 : 0);
        if (o instanceof String s) return s.length() + ((CharSequence) o).length() + ((Comparable<String>) o).compareTo("m");
        if (o instanceof Comparable<?>) return 5;
        return o == null ? -1 : o.getClass().getName().length();
    }

    static String cast(Object o) {
        try {
            Integer i = (Integer) o;
            return "int " + i;
        } catch (ClassCastException e) {
            return e.getMessage();
        }
    }

    static String nothing(Shape shape) {
        try {
            return shape.name();
        } catch (NullPointerException e) {
            return e.getMessage();
        }
    }

    public static void main(String[] args) throws Exception {
        long check = 0;
        for (int i = 0; i < 400; i++) check += squares(20);
        System.out.println(check);
        for (int i = 0; i < 400; i++) check += bars(20);
        System.out.println(check);
        Shape[] shapes = {new Square(), new Cube(), new Bar(3), Sign.PLUS, Sign.MINUS, x -> x + 1};
        for (int i = 0; i < 600; i++) check = check * 31 + sum(shapes[i * i % shapes.length], i, i + 10);
        System.out.println(check);

        Animal[] animals = {new Cat(), new Cat(), new Dog()};
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < 300; i++) sb.append(animals[i < 200 ? i & 1 : i % 3].twice().length());
        System.out.println(sb.toString().hashCode());
        animals[0] = new Animal() {
            String sound() { return "moo"; }
        };
        for (Animal animal : animals) System.out.println(animal.twice());

        List<Map<Object, Integer>> maps = List.of(new HashMap<>(), new LinkedHashMap<>(), new TreeMap<>());
        for (int round = 0; round < 60; round++) {
            Map<Object, Integer> map = maps.get(round < 40 ? 0 : round % 3);
            check += keys(map, round < 50 ? Integer.valueOf(round % 5) : (Object) (Integer) (round % 3), 10);
        }
        Map<Object, Integer> mixed = new HashMap<>();
        for (int i = 0; i < 200; i++) check += keys(mixed, pick(i, i % 10, "key" + i % 4), 3);
        System.out.println(check + " " + mixed.size() + " " + maps.get(2));

        Object[] things = {1, "text", 2.5, null, new int[3], new ArrayList<String>(), Sign.PLUS, 'c', 7L};
        for (int i = 0; i < 500; i++) check += exact(things[i < 300 ? i & 1 : i % things.length]);
        System.out.println(check);
        for (int i = 0; i < 50; i++) cast(i);
        for (Object thing : things) System.out.println(cast(thing));
        for (int i = 0; i < 50; i++) nothing(shapes[0]);
        System.out.println(nothing(shapes[2]) + " " + nothing(null));
    }
}
