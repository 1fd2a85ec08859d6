/** StringBuilder and StringBuffer operations, StringJoiner, char sequences, growth and the Latin-1 to UTF-16 switch. */
import java.util.StringJoiner;
import java.util.StringTokenizer;

public class StringBuilders {
    public static void main(String[] args) {
        StringBuilder sb = new StringBuilder(4);
        sb.append(1).append('c').append("str").append(2.5).append(3L).append(true).append((Object) null).append(1.5f).append(new char[] {'x', 'y'});
        System.out.println(sb + " " + sb.length());
        sb.insert(0, "start-").insert(6, 42).insert(sb.length(), '!').insert(3, new char[] {'#'}).insert(1, 1.25).insert(2, false);
        System.out.println(sb);
        sb.delete(0, 5).deleteCharAt(2).replace(0, 3, "REPLACED").setCharAt(0, 'r');
        System.out.println(sb + " " + sb.indexOf("str") + " " + sb.lastIndexOf("l") + " " + sb.charAt(4) + " " + sb.substring(3, 7) + " " + sb.subSequence(0, 2));
        System.out.println(sb.reverse());
        sb.setLength(5);
        sb.append("é中").appendCodePoint(0x1F600).append("abc", 1, 2);
        System.out.println(sb + " " + sb.length() + " " + sb.codePointCount(0, sb.length()) + " " + sb.reverse());
        sb.setLength(12);
        System.out.println(sb.toString().replace('\0', '0') + " " + sb.capacity() / 1000);
        System.out.println(new StringBuilder("abc").compareTo(new StringBuilder("abd")) + " " + "abc".contentEquals(new StringBuilder("abc"))
            + " " + new StringBuilder("a").equals(new StringBuilder("a")) + " " + CharSequence.compare("a", new StringBuilder("b")));
        StringBuffer buffer = new StringBuffer();
        for (int i = 0; i < 5000; i++) buffer.append(i % 10).append((char) ('a' + i % 26));
        System.out.println(buffer.length() + " " + buffer.toString().hashCode() + " " + buffer.indexOf("9z"));
        StringJoiner joiner = new StringJoiner(", ", "{", "}").setEmptyValue("nothing");
        System.out.print(joiner + " ");
        joiner.add("a").add("b").merge(new StringJoiner("-").add("c").add("d"));
        System.out.println(joiner + " " + joiner.length());
        StringTokenizer words = new StringTokenizer("to be, or  not", " ,", false);
        while (words.hasMoreTokens()) System.out.print(words.countTokens() + words.nextToken() + ";");
        System.out.println();
        for (Runnable r : new Runnable[] {() -> sb.charAt(99), () -> sb.insert(-1, "x"), () -> sb.delete(5, 2), () -> sb.setLength(-1), () -> sb.deleteCharAt(50)}) {
            try {
                r.run();
            } catch (IndexOutOfBoundsException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
        String palindrome = "A man, a plan, a canal: Panama".toLowerCase().chars().filter(Character::isLetter)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        System.out.println(new StringBuilder(palindrome).reverse().toString().equals(palindrome));
    }
}
