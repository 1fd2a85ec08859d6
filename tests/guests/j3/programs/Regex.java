/** java.util.regex: groups, lookaround, quantifier kinds, flags, replacement, splitting, Unicode classes, syntax errors. */
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

public class Regex {
    static String all(String regex, String text, int... flags) {
        Pattern p = flags.length == 0 ? Pattern.compile(regex) : Pattern.compile(regex, flags[0]);
        return p.matcher(text).results().map(m -> m.group() + "@" + m.start()).collect(Collectors.joining(" ", "[", "]"));
    }

    public static void main(String[] args) {
        Matcher date = Pattern.compile("(?<year>\\d{4})-(?<month>\\d\\d)-(\\d\\d)(T(\\d+))?").matcher("from 2021-03-04 to 2022-12-31T23");
        while (date.find()) {
            System.out.println(date.group() + " " + date.group("year") + " " + date.group(2) + " " + date.start("month") + " " + date.end(3) + " " + date.group(5) + " " + date.groupCount());
        }
        System.out.println(all("a+?b|a*", "aaab aa") + all("\\b\\w", "the quick fox") + all("(a|ab)(c|bcd)(d*)", "abcd"));
        System.out.println(all("(?<=\\$)\\d+(?!\\d|\\.)", "$12 $3.5 45 $678") + all("(?=(\\w\\w))", "abc") + all("(\\w)\\1", "aabbcd dd"));
        System.out.println(all("x++y|x*+x|[^x]", "xxy xx") + all("(?>a+)b", "aaab") + all("^\\s*#.*$", "a\n # c1\n#c2\n", Pattern.MULTILINE));
        System.out.println(all("STRASSE|É", "straße Strasse é", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE) + all("a.c", "a\nc abc", Pattern.DOTALL)
            + all("a b # comment", "ab a b", Pattern.COMMENTS) + all("1.5", "1.5 125", Pattern.LITERAL));
        System.out.println(all("\\p{Lu}\\p{L}*", "Äpfel und Öl") + all("\\p{IsCyrillic}+", "abc привет") + all("[a-z&&[^aeiou]]+", "education") + all("[\\p{Punct}&&[^,]]", "a,b;c!")
            + all("\\x{1F600}.", "x😀y") + all(".", "😀a") + all("\\Q[x]\\E\\h", "[x] [x]"));
        System.out.println("John Smith".replaceAll("(\\w+) (\\w+)", "$2, $1") + " " + "a.b.c".replaceFirst("\\.", "\\$") + " "
            + Pattern.compile("\\d+").matcher("7 8 99").replaceAll(m -> Integer.toString(Integer.parseInt(m.group()) + 1)));
        StringBuilder sb = new StringBuilder();
        Matcher m = Pattern.compile("\\{(\\w+)}").matcher("Hi {name}, {greet}!");
        while (m.find()) m.appendReplacement(sb, m.group(1).equals("name") ? "Ann" : Matcher.quoteReplacement("$5"));
        System.out.println(m.appendTail(sb));
        System.out.println(Arrays.toString(Pattern.compile("\\s*,\\s*").split("a , b,c ,, d")) + Arrays.toString("boo:and:foo".split("o", 0)) + Arrays.toString("aXbXc".split("(?=X)")));
        Matcher region = Pattern.compile("[a-c]+").matcher("xxabcabc");
        region.region(2, 5);
        System.out.println(region.matches() + " " + region.lookingAt() + " " + region.hitEnd() + " " + Pattern.matches("(\\d+)(?:px|em)", "12em") + " " + Pattern.quote("a.b"));
        System.out.println(Pattern.compile(",").splitAsStream("1,2,3").mapToInt(Integer::parseInt).sum() + " " + Pattern.compile("^a").asPredicate().test("abc") + Pattern.compile("a").asMatchPredicate().test("abc"));
        String text = "lorem ipsum dolor sit amet ".repeat(200);
        System.out.println(Pattern.compile("(\\w+)\\s(?:sit)").matcher(text).results().map(MatchResult::end).mapToInt(x -> x).sum());
        for (String bad : new String[] {"(a", "[z-a]", "a**", "\\k<x>", "x{2,1}", "(?<=a+)b"}) {
            try {
                System.out.println("compiled " + Pattern.compile(bad).pattern());
            } catch (PatternSyntaxException e) {
                System.out.println(e.getMessage().replace('\n', '~'));
            }
        }
    }
}
