/** java.time: dates, arithmetic, periods, durations, formatters, zones with daylight saving, parsing errors. */
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.FormatStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

public class DatesAndTimes {
    public static void main(String[] args) {
        LocalDate date = LocalDate.of(2024, 2, 29);
        System.out.println(date + " " + date.plusYears(1) + " " + date.minusDays(60) + " " + date.getDayOfWeek() + " " + date.isLeapYear() + " " + date.lengthOfYear() + " " + date.toEpochDay());
        System.out.println(date.with(TemporalAdjusters.lastDayOfMonth()) + " " + date.with(TemporalAdjusters.next(DayOfWeek.MONDAY)) + " " + date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) + " " + date.get(ChronoField.ALIGNED_WEEK_OF_YEAR));
        LocalDateTime time = LocalDateTime.of(2023, Month.OCTOBER, 29, 0, 30, 15, 123_456_789);
        System.out.println(time + " " + time.truncatedTo(ChronoUnit.MINUTES) + " " + time.plusNanos(900_000_000) + " " + time.toLocalTime().toSecondOfDay());
        System.out.println(Period.between(LocalDate.of(1999, 12, 31), date) + " " + ChronoUnit.DAYS.between(LocalDate.EPOCH, date) + " " + Period.parse("P1Y2M3D").toTotalMonths());
        System.out.println(Duration.ofSeconds(93784, 5_000_000) + " " + Duration.between(time, time.plusHours(30).plusMinutes(5)).toMinutes() + " " + Duration.parse("PT1H30M").dividedBy(4));
        System.out.println(Instant.ofEpochSecond(1_700_000_000L) + " " + Instant.parse("2020-01-01T00:00:00Z").plus(1, ChronoUnit.DAYS).getEpochSecond() + " " + Instant.EPOCH.minusNanos(1));
        ZonedDateTime berlin = time.atZone(ZoneId.of("Europe/Berlin"));
        for (int i = 0; i < 4; i++) System.out.print(berlin.plusHours(i).toOffsetDateTime() + " ");
        System.out.println();
        System.out.println(ZonedDateTime.of(2023, 3, 26, 2, 30, 0, 0, ZoneId.of("Europe/Paris")) + " " + berlin.withZoneSameInstant(ZoneId.of("America/New_York")) + " " + berlin.getOffset());
        System.out.println(OffsetDateTime.of(time, ZoneOffset.ofHoursMinutes(5, 30)).toInstant() + " " + ZoneOffset.of("-03:00").getTotalSeconds() + " " + ZoneId.of("Asia/Tokyo").getRules().getOffset(Instant.EPOCH));
        System.out.println(DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss.SSS", Locale.ENGLISH).format(time) + " | " + DateTimeFormatter.ISO_WEEK_DATE.format(date) + " | " + DateTimeFormatter.BASIC_ISO_DATE.format(date)
            + " | " + DateTimeFormatter.RFC_1123_DATE_TIME.format(berlin) + " | " + DateTimeFormatter.ofPattern("EEEE MMMM dd, yyyy h:mm a", Locale.US).format(time));
        System.out.println(DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(Locale.US).format(date));
        System.out.println(LocalDate.parse("03/04/2021", DateTimeFormatter.ofPattern("dd/MM/uuuu")) + " " + LocalTime.parse("23:59").plusMinutes(2) + " " + YearMonth.parse("2021-02").atEndOfMonth() + " " + Year.of(1900).isLeap() + " " + MonthDay.of(2, 29).isValidYear(2023));
        for (String bad : new String[] {"2021-13-01", "2021-02-30", "yesterday"}) {
            try {
                System.out.println(LocalDate.parse(bad));
            } catch (DateTimeParseException e) {
                System.out.println(e.getMessage());
            }
        }
        try {
            LocalDate.of(2021, 4, 31);
        } catch (DateTimeException e) {
            System.out.println(e.getMessage());
        }
        Clock fixed = Clock.fixed(Instant.ofEpochMilli(1234567890123L), ZoneOffset.UTC);
        System.out.println(LocalDateTime.now(fixed) + " " + ZoneId.systemDefault() + " " + date.isBefore(LocalDate.now()) + " " + (System.currentTimeMillis() > 1_600_000_000_000L));
    }
}
