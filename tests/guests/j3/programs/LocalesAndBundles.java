/** Locale, ResourceBundle (class and property based), MessageFormat, NumberFormat, DecimalFormat, ChoiceFormat, Collator-free. */
import java.io.StringReader;
import java.text.*;
import java.util.*;

public class LocalesAndBundles {
    public static class Words extends ListResourceBundle {
        protected Object[][] getContents() { return new Object[][] {{"hello", "Hello"}, {"bye", "Bye"}, {"list", new int[] {1, 2}}}; }
    }

    public static class Words_de extends ListResourceBundle {
        protected Object[][] getContents() { return new Object[][] {{"hello", "Hallo"}}; }
    }

    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.US);
        ResourceBundle german = ResourceBundle.getBundle("LocalesAndBundles$Words", Locale.GERMANY), french = ResourceBundle.getBundle("LocalesAndBundles$Words", Locale.FRANCE);
        System.out.println(german.getString("hello") + " " + german.getString("bye") + " " + french.getString("hello") + " " + german.getLocale() + " [" + french.getLocale() + "] " + ((int[]) german.getObject("list")).length + new TreeSet<>(german.keySet()));
        for (String[] missing : new String[][] {{"LocalesAndBundles$Words", "absent"}, {"NoBundle", "x"}}) {
            try {
                ResourceBundle.getBundle(missing[0]).getString(missing[1]);
            } catch (MissingResourceException e) {
                System.out.println(e.getMessage());
            }
        }
        System.out.println(new PropertyResourceBundle(new StringReader("k=v\u00e9")).getString("k"));
        Locale swiss = new Locale("de", "CH"), tagged = Locale.forLanguageTag("zh-Hant-TW");
        System.out.println(swiss + " " + swiss.toLanguageTag() + " " + tagged.getScript() + tagged.getCountry() + " " + Locale.FRENCH.getDisplayLanguage() + " " + Locale.GERMANY.getDisplayCountry() + " " + Locale.US.getISO3Country() + " " + Locale.ROOT.equals(new Locale("")));
        System.out.println(MessageFormat.format("{0} has {1,number} items and {2,choice,0#none|1#one|1<{2} many}; '{'{3}'}' it''s", "Ann", 12345, 7, true));
        System.out.println(NumberFormat.getInstance(Locale.US).format(1234567.891) + " " + NumberFormat.getPercentInstance(Locale.US).format(0.256) + " " + NumberFormat.getCurrencyInstance(Locale.US).format(-12.5) + " " + NumberFormat.getIntegerInstance(Locale.US).parse("1,234"));
        DecimalFormat decimal = new DecimalFormat("#,##0.00;(#)", DecimalFormatSymbols.getInstance(Locale.US));
        System.out.println(decimal.format(1234.565) + " " + decimal.format(-0.5) + " " + new DecimalFormat("0.###E0", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(12345) + " " + new DecimalFormat("000").format(7));
        System.out.println(new ChoiceFormat("0#zero|1#one|2#more").format(5) + " " + new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS z", Locale.US).format(new Date(1_000_000_000_123L)) + " " + new SimpleDateFormat("EEEE d MMMM", Locale.US).format(new Date(0)));
        System.out.println(NumberFormat.getInstance(Locale.GERMANY).format(1234.5) + " " + new SimpleDateFormat("EEEE, d. MMMM", Locale.GERMANY).format(new Date(0)) + " " + String.format(Locale.FRANCE, "%.2f", 1.5));
        Calendar calendar = new GregorianCalendar(2020, Calendar.FEBRUARY, 28);
        calendar.add(Calendar.DAY_OF_MONTH, 2);
        System.out.println(calendar.get(Calendar.MONTH) + " " + calendar.get(Calendar.DAY_OF_MONTH) + " " + calendar.getActualMaximum(Calendar.DAY_OF_YEAR) + " " + calendar.getTimeInMillis() + " " + TimeZone.getDefault().getID());
        try {
            NumberFormat.getInstance(Locale.US).parse("abc");
        } catch (ParseException e) {
            System.out.println(e.getMessage() + " " + e.getErrorOffset());
        }
        BreakIterator words = BreakIterator.getWordInstance(Locale.US);
        words.setText("One, two.");
        StringBuilder bounds = new StringBuilder();
        for (int i = words.first(); i != BreakIterator.DONE; i = words.next()) bounds.append(i).append(' ');
        System.out.println(bounds + "" + Normalizer.normalize("é", Normalizer.Form.NFD).length() + " " + Currency.getInstance("EUR").getDefaultFractionDigits());
    }
}
