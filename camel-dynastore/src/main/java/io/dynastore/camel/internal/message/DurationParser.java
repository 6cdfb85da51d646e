/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static java.util.stream.Collectors.joining;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.codec.SingleValues;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads durations of headers and texts. A bare number other than 0 is rejected: 20 may mean seconds, and Camel would
 * take milliseconds. Camel's own reader of durations is not used, since it ignores a misspelt unit.
 */
public final class DurationParser {

    private static final List<ChronoUnit> UNITS =
            List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS, ChronoUnit.MILLIS);

    /** In this order, each at most once. Nothing in it is tried a second time, however long the text. */
    private static final Pattern WITH_UNITS = Pattern.compile(
            Stream.of("d", "h", "m(?!s)", "s", "ms").map(DurationParser::amount).collect(joining()));

    private static String amount(String unit) {
        return "(?:(\\d{1,15}+)\\s*+" + unit + "\\s*+)?+";
    }

    private DurationParser() {}

    /**
     * The duration that a value stands for.
     *
     * @param name what the value is, for the message
     * @throws InvalidInputException if the value is neither a Duration nor text that stands for one
     */
    public static Duration read(String name, Object value) {
        if (value instanceof Duration duration) {
            return duration;
        }
        Object single = SingleValues.plain(value);
        if (single instanceof String text) {
            return parse(name, text.trim().toLowerCase(Locale.ROOT));
        }
        throw refused(
                name,
                single instanceof Number
                        ? "a number without a unit"
                        : "a " + value.getClass().getName());
    }

    private static Duration parse(String name, String text) {
        if (text.isEmpty()) {
            throw refused(name, "empty");
        }
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (text.chars().allMatch(Character::isDigit)) {
            throw refused(name, "a number without a unit");
        }
        Matcher units = WITH_UNITS.matcher(text);
        return units.matches() ? sum(name, units) : iso(name, text);
    }

    private static Duration sum(String name, Matcher units) {
        try {
            Duration sum = Duration.ZERO;
            for (int i = 0; i < UNITS.size(); i++) {
                String number = units.group(i + 1);
                sum = number == null ? sum : sum.plus(Long.parseLong(number), UNITS.get(i));
            }
            return sum;
        } catch (ArithmeticException e) {
            throw refused(name, "too long");
        }
    }

    private static Duration iso(String name, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw refused(name, "not a duration");
        }
    }

    private static InvalidInputException refused(String name, String reason) {
        return new InvalidInputException(
                name + " is " + reason + ": give a Duration, or text such as 20m, 1h30m or PT20M.");
    }
}
