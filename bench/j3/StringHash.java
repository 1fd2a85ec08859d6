/** Builds strings, splits and counts them in hash maps, sorts the result: the library's text and collection code. */
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class StringHash extends Bench {
    static final String[] SYLLABLES = {"ba", "ko", "ri", "mu", "ten", "sa", "vel", "do", "pi", "lan"};

    static String text(Rng rng, int words) {
        StringBuilder sb = new StringBuilder();
        for (int i = 0; i < words; i++) {
            if (i > 0) sb.append(i % 12 == 0 ? '\n' : ' ');
            for (int s = 1 + rng.nextInt(3); s > 0; s--) sb.append(SYLLABLES[rng.nextInt(SYLLABLES.length)]);
        }
        return sb.toString();
    }

    static Map<String, Integer> count(String text) {
        Map<String, Integer> counts = new HashMap<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) > ' ') continue;
            String word = text.substring(start, i);
            Integer old = counts.get(word);
            counts.put(word, old == null ? 1 : old + 1);
            start = i + 1;
        }
        return counts;
    }

    @Override public long run() {
        Rng rng = new Rng(5);
        long check = 0;
        Map<String, List<Integer>> index = new HashMap<>();
        for (int round = 0; round < 20; round++) {
            String text = text(rng, 40_000);
            Map<String, Integer> counts = count(text);
            List<String> words = new ArrayList<>(counts.keySet());
            words.sort(null);
            for (String w : words) {
                check = check * 31 + w.hashCode() + counts.get(w);
                index.computeIfAbsent(w.toUpperCase().concat("#").concat(Integer.toString(w.length())), k -> new ArrayList<>()).add(counts.get(w));
            }
        }
        for (List<Integer> l : index.values()) check += l.size() * 7L;
        return check + index.size();
    }

    public static void main(String[] args) {
        Bench.main(new StringHash(), args);
    }
}
