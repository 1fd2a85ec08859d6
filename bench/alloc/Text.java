/** Strings: joined by +, built, cut into pieces, changed in case, formatted by hand; a window of them lives for a while. */
public class Text extends Bench {
    static final int WINDOW = 1 << 14;
    static final int LINES = 250_000;
    static final String[] WORDS = {"north", "river", "Amber", "stone", "hollow", "Quiet", "lantern", "oak", "drift", "Marsh"};

    final String[] window = new String[WINDOW];

    static String padded(int number, int width) {
        StringBuilder sb = new StringBuilder();
        String digits = Integer.toString(number);
        for (int i = digits.length(); i < width; i++) sb.append('0');
        return sb.append(digits).toString();
    }

    @Override public long run() {
        Rng rng = new Rng(23);
        long check = 0;
        for (int i = 0; i < LINES; i++) {
            String first = WORDS[rng.nextInt(WORDS.length)];
            String second = WORDS[rng.nextInt(WORDS.length)];
            String name = first + "-" + second + "#" + i;
            String line = padded(i, 8) + ";" + name.toUpperCase() + ";" + rng.nextInt(1000) / 8.0f + ";" + (char) ('a' + i % 26);
            String[] fields = line.split(";");
            StringBuilder sb = new StringBuilder();
            for (String field : fields) sb.append('[').append(field.trim()).append(']');
            String result = sb.reverse().toString();
            int at = rng.nextInt(WINDOW);
            String old = window[at];
            if (old != null) check += old.hashCode();
            window[at] = result.substring(1, result.length() - 1).replace('[', '{').concat(first);
            check = check * 31 + line.hashCode() + (result.contains(second) ? 1 : 0);
        }
        java.util.Arrays.fill(window, WINDOW / 2, WINDOW, null);
        for (int i = 0; i < WINDOW; i++) {
            if (window[i] != null) check += window[i].length();
            window[i] = null;
        }
        return check;
    }

    public static void main(String[] args) {
        Bench.main(new Text(), args);
    }
}
