/** char as a number, Character classification, surrogate pairs and code points. */
public class CharArithmetic {
    static String rot13(String s) {
        StringBuilder out = new StringBuilder();
        for (char c : s.toCharArray()) {
            if (c >= 'a' && c <= 'z') c = (char) ('a' + (c - 'a' + 13) % 26);
            else if (c >= 'A' && c <= 'Z') c = (char) ('A' + (c - 'A' + 13) % 26);
            out.append(c);
        }
        return out.toString();
    }

    public static void main(String[] args) {
        System.out.println(rot13("Hello, World"));
        System.out.println(rot13(rot13("Hello, World")));
        char c = '\uffff';
        c++;
        System.out.println((int) c);
        c--;
        System.out.println((int) c + " " + (c >> 4) + " " + (c << 4) + " " + (char) 66 + " " + 'a' + 1 + " " + (char) ('a' + 1));
        char[] samples = {'A', 'z', '5', ' ', '\t', '_', '$', 'é', 'ß', 'Ω', 'я', '中', '٣', '\u00a0', '\u2028'};
        for (char s : samples) {
            System.out.println(Integer.toHexString(s) + " " + Character.isLetter(s) + Character.isDigit(s) + Character.isUpperCase(s)
                + Character.isLowerCase(s) + Character.isWhitespace(s) + Character.isSpaceChar(s) + Character.isJavaIdentifierStart(s)
                + Character.isLetterOrDigit(s) + " " + Character.getType(s) + " " + Character.toUpperCase(s) + Character.toLowerCase(s)
                + " " + Character.getNumericValue(s) + " " + Character.digit(s, 16));
        }
        String clef = "a\uD834\uDD1Eb";
        System.out.println(clef + " " + clef.length() + " " + clef.codePointCount(0, clef.length()) + " " + Integer.toHexString(clef.codePointAt(1))
            + " " + Integer.toHexString(clef.codePointBefore(3)) + " " + clef.offsetByCodePoints(0, 2));
        System.out.println(Character.isHighSurrogate(clef.charAt(1)) + " " + Character.isSurrogatePair(clef.charAt(1), clef.charAt(2)) + " "
            + Character.charCount(0x1F600) + " " + new String(Character.toChars(0x1F600)) + " " + Character.getName('é'));
        clef.codePoints().forEach(p -> System.out.print(Integer.toHexString(p) + ","));
        System.out.println();
        System.out.println(new StringBuilder(clef).reverse() + " " + Character.forDigit(11, 16) + " " + Character.MIN_RADIX + " " + Character.UnicodeBlock.of('я'));
        System.out.println(Character.reverseBytes('a') + 0 + " " + Character.compare('b', 'a') + " " + Character.isMirrored('('));
    }
}
