/** Optional and its primitive forms, Objects, Comparator building, Comparable, stable sorting. */
import java.util.*;

public class OptionalsAndComparators {
    record Version(int major, int minor, String tag) implements Comparable<Version> {
        static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major).thenComparingInt(Version::minor)
            .thenComparing(Version::tag, Comparator.nullsLast(Comparator.naturalOrder()));
        public int compareTo(Version o) { return ORDER.compare(this, o); }
    }

    static Optional<Integer> parse(String s) {
        try {
            return Optional.of(Integer.parseInt(s));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    public static void main(String[] args) {
        System.out.println(parse("12").map(x -> x * 2).filter(x -> x > 20) + " " + parse("x").map(x -> x * 2) + " " + parse("1").orElse(5) + parse("").orElseGet(() -> 6));
        System.out.println(parse("a").or(() -> parse("7")).get() + " " + parse("3").flatMap(x -> parse(x + "0")).isPresent() + " " + parse("q").isEmpty() + " " + parse("4").stream().count());
        parse("9").ifPresentOrElse(x -> System.out.println("have " + x), () -> System.out.println("none"));
        parse("!").ifPresentOrElse(x -> System.out.println("have " + x), () -> System.out.println("none"));
        try {
            parse("?").orElseThrow();
        } catch (NoSuchElementException e) {
            System.out.println(e.getMessage());
        }
        try {
            parse("?").orElseThrow(() -> new IllegalStateException("mine"));
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(Optional.ofNullable(null) + " " + OptionalInt.of(3) + " " + OptionalDouble.empty() + " " + Optional.of("x").equals(Optional.of("x")) + Optional.of("x").hashCode());
        List<Version> versions = new ArrayList<>(List.of(new Version(2, 0, "b"), new Version(1, 9, null), new Version(2, 0, null), new Version(1, 10, "a"), new Version(2, 0, "a")));
        Collections.sort(versions);
        System.out.println(versions);
        versions.sort(Version.ORDER.reversed());
        System.out.println(versions.get(0) + " " + Collections.max(versions) + " " + versions.get(4).compareTo(versions.get(3)));
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 100; i++) words.add("w" + i * 37 % 100);
        words.sort(Comparator.comparing(w -> w.charAt(w.length() - 1))); // stable within equal last letters
        System.out.println(words.subList(0, 12) + " " + words.hashCode());
        try {
            Object[] mixed = {1, "a"};
            Arrays.sort(mixed);
        } catch (ClassCastException e) {
            System.out.println("not mutually comparable");
        }
        System.out.println(Objects.equals(null, null) + " " + Objects.hash(1, "a", null) + " " + Objects.toString(null, "dflt") + " " + Objects.requireNonNullElse(null, 8)
            + " " + Objects.checkIndex(2, 3) + " " + Objects.compare("a", "b", Comparator.naturalOrder()));
        try {
            Objects.requireNonNull(null, "must be there");
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
    }
}
