/** String.format: every conversion, flags, widths, precision, indexes, and its exceptions. */
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.IllegalFormatException;
import java.util.Locale;

public class StringFormat {
    static void show(String format, Object... args) {
        try {
            System.out.println("[" + String.format(Locale.ROOT, format, args) + "]");
        } catch (IllegalFormatException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    public static void main(String[] args) {
        show("%d %5d %-5d| %05d %+d %(d %,d %x %X %o %#x", 42, 42, 42, 42, 42, -42, 1234567, 255, 255, 8, 255);
        show("%x %d %d", -1, Long.MIN_VALUE, (byte) -1);
        show("%b %B %b %c %c %s %S %10s %-10s| %.3s", true, null, "x", 'c', 0x1F600, "str", "str", "right", "left", "truncated");
        show("%f %.2f %10.3f %-10.1f| %+.0f %,.2f %(.2f %e %.3E %g %a", 3.14159, 2.005, 2.5, 2.25, 0.5, 1234567.891, -5.5, 12345.678, 0.00012, 0.0001, 1.0);
        show("%f %e %s %.1f %5.1f", Double.NaN, Double.POSITIVE_INFINITY, -0.0, -0.04, Float.MAX_VALUE);
        show("%.0f %.0f %.0f %.1f %.3f", 0.5, 1.5, 2.5, 0.25, 1.0005);
        show("%2$s %1$s %<s %s", "a", "b");
        show("%h %h %n%%", "hash", 255);
        show("%s %s %s", new int[0].length, new BigInteger("123456789012345678901234567890"), new BigDecimal("1.50"));
        show("%,d %.3f %08.2f", new BigInteger("-12345678901234567890"), new BigDecimal("2.71828"), new BigDecimal("-3.14159"));
        show("%tY-%<tm-%<td %<tH:%<tM:%<tS %<tA %<tB %<tj", java.time.LocalDateTime.of(2021, 3, 4, 5, 6, 7));
        show("%d", "text");
        show("%q", 1);
        show("%s %s", 1);
        show("%-d", 1);
        show("%.2d", 1);
        show("%#s", "x");
        show("%5", 1);
        System.out.println(String.format("%s and %s", "default", "locale") + String.format("%,.2f", 9876.5));
        System.out.printf("%-12s|%8.3f|%s%n", "row", Math.E, java.util.List.of(1, 2));
        StringBuilder table = new StringBuilder();
        for (int i = 1; i <= 3; i++) for (int j = 1; j <= 4; j++) table.append(String.format("%4d%s", i * j, j == 4 ? "\n" : ""));
        System.out.print(table);
    }
}
