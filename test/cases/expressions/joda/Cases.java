import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.Instant;
import org.joda.time.LocalDateTime;
import org.joda.time.format.DateTimeFormat;

/**
 * Writes joda-*.json in the folder above: expressions, with the values that Joda-Time gives them, which AWS Data Pipeline evaluated them
 * with. Where its guide does not say how a function is built from Joda-Time's, {@link #firstOfMonth}, {@link #sunday} and midnight below say it.
 *
 * <pre>
 * mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy -Dartifact=joda-time:joda-time:2.14.0 -DoutputDirectory=target
 * java -cp target/joda-time-2.14.0.jar Cases.java
 * </pre>
 */
public class Cases {
  private static final String[] ZONES = {
    "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/Santiago", "America/St_Johns", "Europe/London", "Europe/Berlin",
    "Africa/Casablanca", "Asia/Tehran", "Asia/Gaza", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia",
  };
  private static final String[] STILL = {"Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Pacific/Kiritimati", "Etc/UTC"};
  private static final String[] DATES = {
    "2024-02-29T12:05:09.007Z", "2023-12-31T23:59:59.999Z", "2024-01-01T00:00:00Z", "2021-01-03T13:30:00.120Z", "2020-12-31T00:00:01Z",
    "2026-11-21T01:10:00Z", "0999-07-04T17:45:30.5Z", "9999-12-31T11:11:11.111Z",
  };
  private static final String LETTERS = "GCYxwyeEDMdaKhHkmsSzZ";

  private final Set<String> cases = new LinkedHashSet<>();

  public static void main(String[] args) throws IOException {
    new Cases().patterns().write("patterns");
    new Cases().calendar().write("calendar");
    new Cases().zones().write("zones");
    new Cases().clockChanges().write("clock-changes");
  }

  /** Every letter, as often as makes a difference. */
  private Cases patterns() {
    for (String date : DATES) {
      DateTime t = new DateTime(date, DateTimeZone.UTC);
      for (char letter : LETTERS.toCharArray()) {
        List<String> counted = new ArrayList<>();
        for (int count = 1; count <= 6; count++) counted.add(String.valueOf(letter).repeat(count));
        format("t", t, t, String.join("|", counted));
      }
      format("t", t, t, "EEEE, d MMMM yyyy 'at' h:mm a z");
      format("t", t, t, "xxxx-'W'ww-e'T'HH''mm");
    }
    return this;
  }

  /** Months of all lengths, leap days, the ends of years and of a century. */
  private Cases calendar() {
    String[] dates = {"2024-01-31T06:00:00Z", "2023-01-31T06:00:00Z", "2024-02-29T23:59:59.999Z", "2023-12-31T23:30:00Z", "2000-02-29T00:00:00Z", "1999-12-31T00:00:00Z"};
    for (String date : dates) {
      DateTime t = new DateTime(date, DateTimeZone.UTC);
      for (int n : new int[] {1, 11, 13, 1200}) {
        value("plusMonths(t, " + n + ")", t, t.plusMonths(n));
        value("minusMonths(t, " + n + ")", t, t.minusMonths(n));
      }
      for (int n : new int[] {1, 4, 100}) {
        value("plusYears(t, " + n + ")", t, t.plusYears(n));
        value("minusYears(t, " + n + ")", t, t.minusYears(n));
      }
      everyFunction("t", t, t);
    }
    return this;
  }

  private Cases zones() {
    for (String id : concat(ZONES, STILL)) {
      for (String date : new String[] {"2024-01-15T12:00:00Z", "2024-07-01T03:30:00.250Z"}) {
        DateTime t = new DateTime(date, DateTimeZone.UTC);
        DateTime there = t.withZone(DateTimeZone.forID(id));
        format(in(id), t, there, "yyyy-MM-dd'T'HH:mm:ss.SSS Z ZZ ZZZ");
        format(in(id), t, there, "EEE e D xxxx-ww h K k a");
        everyFunction(in(id), t, there);
      }
    }
    for (String id : new String[] {"America/New_York", "America/Los_Angeles", "Europe/Berlin", "Europe/London", "Australia/Sydney", "Asia/Kolkata", "Asia/Tokyo"}) {
      for (String date : new String[] {"2024-01-15T12:00:00Z", "2024-07-01T03:30:00Z"}) {
        DateTime t = new DateTime(date, DateTimeZone.UTC);
        format(in(id), t, t.withZone(DateTimeZone.forID(id)), "z zzzz");
      }
    }
    return this;
  }

  /** The first two times from 2018 on (Apia: 2011, when it left out a day) that clocks were put forward or back. */
  private Cases clockChanges() {
    for (String id : ZONES) {
      DateTimeZone zone = DateTimeZone.forID(id);
      long change = new DateTime(id.endsWith("Apia") ? "2011-12-01T00:00:00Z" : "2018-01-01T00:00:00Z").getMillis();
      for (int n = 0; n < 2; n++) {
        change = zone.nextTransition(change);
        for (long off : new long[] {-1, 0, 1_800_000}) shown(id, new DateTime(change + off, zone));
        aroundChange(id, zone, change);
      }
    }
    return this;
  }

  /** Shifts into what the clocks leave out or show twice, from both sides. */
  private void aroundChange(String id, DateTimeZone zone, long change) {
    int before = zone.getOffset(change - 1);
    int after = zone.getOffset(change);
    LocalDateTime wall = new LocalDateTime(change + Math.min(before, after) + Math.abs(after - before) / 2, DateTimeZone.UTC);
    shift(id, zone, wall.minusDays(1), "plusDays", 1, (t) -> t.plusDays(1));
    shift(id, zone, wall.plusDays(1), "minusDays", 1, (t) -> t.minusDays(1));
    shift(id, zone, wall.minusWeeks(2), "plusWeeks", 2, (t) -> t.plusWeeks(2));
    shift(id, zone, wall.plusMonths(1), "minusMonths", 1, (t) -> t.minusMonths(1));
    shift(id, zone, wall.minusYears(2), "plusYears", 2, (t) -> t.plusYears(2));
    shift(id, zone, wall.minusHours(5), "plusHours", 5, (t) -> t.plusHours(5));
    shift(id, zone, wall.plusHours(30), "minusMinutes", 1830, (t) -> t.minusMinutes(1830));
    DateTime day = new DateTime(change + 7_200_000, zone);
    value("midnight(" + in(id) + ")", day, day.withTimeAtStartOfDay());
    value("firstOfMonth(" + in(id) + ")", day, firstOfMonth(day));
    DateTime week = day.plusDays(3);
    value("sunday(" + in(id) + ")", week, sunday(week));
  }

  private void shift(String id, DateTimeZone zone, LocalDateTime from, String name, int amount, UnaryOperator<DateTime> shift) {
    if (zone.isLocalDateTimeGap(from)) return;
    DateTime t = from.toDateTime(zone);
    value(name + "(" + in(id) + ", " + amount + ")", t, shift.apply(t));
  }

  private void shown(String id, DateTime t) {
    value(in(id), t, t);
  }

  private void everyFunction(String expression, DateTime t, DateTime there) {
    value("midnight(" + expression + ")", t, there.withTimeAtStartOfDay());
    value("firstOfMonth(" + expression + ")", t, firstOfMonth(there));
    value("sunday(" + expression + ")", t, sunday(there));
    value("yesterday(" + expression + ")", t, there.minusDays(1));
    String parts = "";
    for (String part : new String[] {"year", "month", "day", "dayOfYear", "hour", "minute"}) parts += " #{" + part + "(" + expression + ")}";
    add(parts.trim(), t, there.getYear() + " " + there.getMonthOfYear() + " " + there.getDayOfMonth() + " " + there.getDayOfYear() + " "
      + there.getHourOfDay() + " " + there.getMinuteOfHour());
  }

  private static DateTime firstOfMonth(DateTime t) {
    return t.minusDays(t.getDayOfMonth() - 1);
  }

  private static DateTime sunday(DateTime t) {
    return t.minusDays(t.getDayOfWeek() % 7);
  }

  private static String in(String id) {
    return "inTimeZone(t, '" + id + "')";
  }

  private static DateTime at(long millis) {
    return new Instant(millis).toDateTime(DateTimeZone.UTC);
  }

  private static String[] concat(String[] left, String[] right) {
    List<String> all = new ArrayList<>(List.of(left));
    all.addAll(List.of(right));
    return all.toArray(new String[0]);
  }

  private void format(String expression, DateTime t, DateTime there, String pattern) {
    String text = DateTimeFormat.forPattern(pattern).withLocale(Locale.US).print(there);
    add("#{format(" + expression + ", \"" + pattern + "\")}", t, text);
  }

  private void value(String expression, DateTime t, DateTime value) {
    add("#{" + expression + "}", t, text(value));
  }

  private void add(String expression, DateTime t, String value) {
    cases.add("  {\"expression\": " + quoted(expression) + ", \"scope\": {\"t\": {\"date\": " + quoted(text(at(t.getMillis()))) + "}}, \"value\": " + quoted(value) + "}");
  }

  /** As the language writes dates: milliseconds only where there are any. */
  private static String text(DateTime value) {
    return value.toString().replace(".000", "");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void write(String name) throws IOException {
    Files.writeString(Path.of("..", "joda-" + name + ".json"), "[\n" + String.join(",\n", cases) + "\n]\n");
    System.out.println(name + ": " + cases.size());
  }
}
