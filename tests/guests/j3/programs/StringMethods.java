/** The methods of String, Latin-1 and UTF-16, text blocks, interning, comparison, bytes and charsets. */
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

public class StringMethods {
    public static void main(String[] args) {
        String s = "  The quick brown Fox  ";
        System.out.println("[" + s.trim() + "] [" + s.strip() + "] [" + s.stripLeading() + "] [" + s.stripTrailing() + "] " + s.isBlank());
        System.out.println(s.indexOf("quick") + " " + s.indexOf('o', 17) + " " + s.lastIndexOf("o") + " " + s.indexOf("absent") + " " + s.contains("own"));
        System.out.println(s.toUpperCase() + s.toLowerCase(Locale.ROOT) + s.replace('o', '0') + s.replace("Fox", "$1") + s.replaceAll("[aeiou]", "<$0>"));
        System.out.println(Arrays.toString("a,b,,c,,".split(",")) + Arrays.toString("a,b,,c,,".split(",", -1)) + Arrays.toString("a1b22c".split("\\d+", 2)));
        System.out.println("apple".compareTo("apricot") + " " + "a".compareTo("abc") + " " + "A".compareToIgnoreCase("b") + " " + "Straße".equalsIgnoreCase("STRASSE"));
        System.out.println("straße".toUpperCase(Locale.ROOT) + " " + "ΣΑΣ".toLowerCase(Locale.ROOT) + " " + "İ".toLowerCase(Locale.ROOT).length() + " " + "ﬁ".toUpperCase(Locale.ROOT));
        System.out.println("abc".repeat(3) + " " + String.join("-", "x", "y", "z") + " " + "a\tb".translateEscapes() + " " + "x".concat("y") + " " + "".isEmpty());
        System.out.println("startsWith".startsWith("Wi", 6) + " " + "endsWith".endsWith("th") + " " + "regionMatches".regionMatches(true, 6, "MATCH", 0, 5));
        System.out.println("one\ntwo\r\nthree".lines().collect(Collectors.joining("|")) + " " + "hello".chars().sum() + " " + "a-b".matches("[a-z]-[a-z]"));
        String block = """
            {
              "name": "text block",\
             "joined": true,
              "quote": \"""
            }   \s
            """;
        System.out.print(block + block.length() + "\n");
        System.out.print("in\n  dent".indent(2) + "  x\n y".stripIndent() + "\n");
        for (String t : new String[] {"plain", "é", "日本", "😀", "\ud800"}) {
            System.out.println(t.length() + " " + Arrays.toString(t.getBytes(StandardCharsets.UTF_8)) + Arrays.toString(t.getBytes(StandardCharsets.UTF_16BE))
                + Arrays.toString(t.getBytes(StandardCharsets.ISO_8859_1)) + " " + t.hashCode());
        }
        System.out.println(new String(new byte[] {(byte) 0xc3, (byte) 0xa9, (byte) 0xff, 65}, StandardCharsets.UTF_8) + new String(new char[] {'a', 'b', 'c'}, 1, 2)
            + new String(new int[] {0x1F601, 66}, 0, 2) + String.valueOf(new char[] {'o', 'k'}) + String.valueOf((Object) null));
        String built = new StringBuilder("inter").append("ned").toString();
        System.out.println((built == "interned") + " " + (built.intern() == "interned") + " " + ("inter" + "ned" == "interned") + " " + built.equals("interned"));
        System.out.println("latin".indexOf("中") + " " + "中文字".indexOf("文") + " " + "中x文x".replace("x", "") + " " + "中".compareTo("é") + " " + "x中".substring(0, 1).equals("x"));
        System.out.println("a%sb".formatted(7) + " " + "Hello".charAt(1) + " " + "Hello".codePointAt(0) + " " + "tEST".substring(0, 1).toUpperCase() + "tEST".substring(1).toLowerCase());
        System.out.println("z".hashCode() + " " + "polygenelubricants".hashCode() + " " + "".hashCode() + " " + "Aa".hashCode() + " " + "BB".hashCode() + " " + "日本語".hashCode());
    }
}
