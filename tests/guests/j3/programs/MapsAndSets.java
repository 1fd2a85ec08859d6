/** HashMap with collisions and resizing, LinkedHashMap, TreeMap navigation, IdentityHashMap, sets, equals and hashCode. */
import java.util.*;

public class MapsAndSets {
    record Collides(int n) implements Comparable<Collides> {
        public int hashCode() { return n % 3; }
        public int compareTo(Collides o) { return Integer.compare(n, o.n); }
    }

    public static void main(String[] args) {
        Map<String, Integer> counts = new HashMap<>();
        for (String w : "the cat and the dog and the bird".split(" ")) counts.merge(w, 1, Integer::sum);
        System.out.println(new TreeMap<>(counts) + " " + counts.getOrDefault("fish", 0) + " " + counts.hashCode());
        counts.computeIfPresent("the", (k, v) -> v == 3 ? null : v);
        counts.computeIfAbsent("owl", String::length);
        counts.compute("cat", (k, v) -> v == null ? 1 : v * 10);
        counts.putIfAbsent("dog", 99);
        counts.replaceAll((k, v) -> v + k.length());
        System.out.println(new TreeMap<>(counts) + " " + counts.containsKey("the") + counts.containsValue(13) + counts.remove("nobody"));
        Map<Collides, Integer> tree = new HashMap<>();
        for (int i = 0; i < 300; i++) tree.put(new Collides(i), i * i); // bins become trees
        long sum = 0;
        for (int i = 0; i < 300; i += 7) sum += tree.get(new Collides(i));
        for (int i = 0; i < 290; i++) tree.remove(new Collides(i));
        System.out.println(sum + " " + tree.size() + " " + new TreeMap<>(tree));
        Map<Integer, String> big = new HashMap<>();
        for (int i = 0; i < 10000; i++) big.put(i * 31, "v" + i);
        System.out.println(big.size() + " " + big.get(310) + " " + big.get(311) + " " + big.keySet().stream().mapToInt(Integer::intValue).sum());
        LinkedHashMap<String, Integer> lru = new LinkedHashMap<>(4, 0.75f, true) {
            @Override protected boolean removeEldestEntry(Map.Entry<String, Integer> e) { return size() > 3; }
        };
        for (String k : "a b c a d b e".split(" ")) lru.put(k, k.charAt(0) - 'a');
        lru.get("d");
        System.out.println(lru);
        TreeMap<Integer, String> sorted = new TreeMap<>(Comparator.reverseOrder());
        for (int i = 0; i < 50; i += 5) sorted.put(i, Integer.toString(i, 2));
        System.out.println(sorted.headMap(30) + " " + sorted.ceilingKey(12) + sorted.floorEntry(12) + sorted.firstKey() + sorted.pollLastEntry());
        NavigableMap<Integer, String> range = sorted.subMap(40, true, 20, false).descendingMap();
        range.remove(35);
        System.out.println(range + " " + sorted.size() + sorted.lowerKey(20) + sorted.higherKey(20));
        IdentityHashMap<String, Integer> identity = new IdentityHashMap<>();
        identity.put("k", 1);
        identity.put(new String("k"), 2);
        System.out.println(identity.size() + " " + identity.get("k"));
        Set<Object> set = new LinkedHashSet<>(Arrays.asList(3, "3", 3L, '3', null, 3, null, List.of(3)));
        System.out.println(set + " " + set.contains(List.of(3)));
        TreeSet<String> words = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        words.addAll(List.of("beta", "Alpha", "BETA", "gamma"));
        Set<String> keep = new HashSet<>(words);
        keep.retainAll(Set.of("beta", "gamma", "delta"));
        System.out.println(words + " " + words.higher("alpha") + " " + new TreeSet<>(keep) + words.descendingSet());
        System.out.println(Map.of("k", 1).equals(new HashMap<>(Map.of("k", 1))) + " " + Map.entry("a", 1) + " " + List.of(1, 2, 3).hashCode() + " " + Set.of(7, 8).hashCode());
        try {
            Map.of("a", 1, "a", 2);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            new TreeMap<String, String>().put(null, "x");
        } catch (NullPointerException e) {
            System.out.println("null key");
        }
        Iterator<Map.Entry<String, Integer>> it = counts.entrySet().iterator();
        while (it.hasNext()) {
            var e = it.next();
            if (e.getKey().length() == 3) it.remove();
            else e.setValue(0);
        }
        System.out.println(counts);
    }
}
