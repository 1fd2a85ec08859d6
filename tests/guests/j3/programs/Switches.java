/** Dense and sparse int switches, fall through, on chars, strings, boxed values and enums, switch expressions. */
public class Switches {
    enum Level { LOW, MIDDLE, HIGH }

    static String dense(int n) {
        switch (n) {
            case -1: return "minus one";
            case 0:
            case 1: return "zero or one";
            case 2: n++;
            case 3: return "two or three, now " + n;
            case 5: break;
            default: return "default";
        }
        return "five";
    }

    static int sparse(int n) {
        switch (n) {
            case Integer.MIN_VALUE: return 1;
            case -1000000: return 2;
            case 0: return 3;
            case 77777: return 4;
            case Integer.MAX_VALUE: return 5;
        }
        return -1;
    }

    static int days(String month, boolean leap) {
        return switch (month) {
            case "feb" -> leap ? 29 : 28;
            case "apr", "jun", "sep", "nov" -> 30;
            case "Aa", "BB" -> -1; // equal hash codes
            default -> {
                int length = month.length();
                yield length == 3 ? 31 : 0;
            }
        };
    }

    public static void main(String[] args) {
        for (int i = -3; i < 8; i++) System.out.println(i + " " + dense(i));
        for (int i : new int[] {Integer.MIN_VALUE, -1000000, -1, 0, 77777, 77778, Integer.MAX_VALUE}) System.out.println(sparse(i));
        for (String m : new String[] {"jan", "feb", "jun", "Aa", "BB", "AaBB", ""}) System.out.println(m + " " + days(m, true));
        for (Level level : Level.values()) {
            int weight = switch (level) {
                case LOW -> 1;
                case MIDDLE -> 10;
                case HIGH -> 100;
            };
            System.out.println(level + " " + weight);
        }
        for (char c : "a1 Z".toCharArray()) {
            switch (c) {
                case 'a': case 'b': case 'c': System.out.println("early letter"); break;
                case ' ': System.out.println("blank"); break;
                case '0': case '1': System.out.println("binary digit"); break;
                default: System.out.println("other " + c);
            }
        }
        Integer boxed = 3;
        switch (boxed) {
            case 3 -> System.out.println("boxed three");
            default -> System.out.println("no");
        }
        try {
            String none = args.length > 0 ? "x" : null;
            switch (none) {
                case "x": System.out.println("x");
            }
        } catch (NullPointerException e) {
            System.out.println("switch on null");
        }
    }
}
