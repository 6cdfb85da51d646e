/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import io.dynastore.store.FieldFilter.Comparison;
import io.dynastore.store.FieldFilter.Operator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text form of a {@link FieldFilter}. Used once, by one thread. */
final class FilterParser {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    /** Longer text would only cost time: a number that DynamoDB can hold in full has at most this many characters. */
    private static final int LONGEST_NUMBER = 200;

    /** The longer one of two that begin alike comes first. */
    private static final List<Operator> COMPARING = List.of(
            Operator.NOT_EQUAL,
            Operator.AT_MOST,
            Operator.AT_LEAST,
            Operator.BEGINS_WITH,
            Operator.EQUAL,
            Operator.LESS,
            Operator.GREATER);

    private static final String NO_NAME = ",=!<>^'\"";

    private final String text;
    private int at;

    FilterParser(String text) {
        this.text = text;
    }

    FieldFilter parse() {
        List<Comparison> comparisons = new ArrayList<>();
        skipBlanks();
        while (at < text.length() || !comparisons.isEmpty()) {
            comparisons.add(comparison());
            skipBlanks();
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at) != ',') {
                throw error("a comma or the end is expected");
            }
            at++;
        }
        if (comparisons.isEmpty()) {
            throw error("there is no comparison");
        }
        return new FieldFilter(comparisons);
    }

    private Comparison comparison() {
        skipBlanks();
        if (text.startsWith("!", at)) {
            at++;
            skipBlanks();
            return new Comparison(name(), Operator.ABSENT, null);
        }
        String name = name();
        skipBlanks();
        for (Operator operator : COMPARING) {
            if (text.startsWith(operator.text(), at)) {
                at += operator.text().length();
                skipBlanks();
                return new Comparison(name, operator, value(operator));
            }
        }
        return new Comparison(name, Operator.EXISTS, null);
    }

    private String name() {
        if (quoted()) {
            return quotation();
        }
        int from = at;
        while (at < text.length() && NO_NAME.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String name = text.substring(from, at).trim();
        if (name.isEmpty()) {
            throw error("the name of a field is expected");
        }
        return name;
    }

    private @Nullable Object value(Operator operator) {
        if (quoted()) {
            return quotation();
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != ',') {
            at++;
        }
        String value = text.substring(from, at).trim();
        if (value.isEmpty()) {
            throw error("a value is expected, the empty text is ''");
        }
        if ("=<>".indexOf(value.charAt(0)) >= 0) {
            at = from;
            throw error("there is no such operator");
        }
        return operator == Operator.BEGINS_WITH ? value : literal(value);
    }

    private static @Nullable Object literal(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default ->
                value.length() <= LONGEST_NUMBER && NUMBER.matcher(value).matches() ? new BigDecimal(value) : value;
        };
    }

    private boolean quoted() {
        return at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"');
    }

    private String quotation() {
        char quote = text.charAt(at);
        StringBuilder quotation = new StringBuilder();
        int from = at++;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next != quote) {
                quotation.append(next);
            } else if (at < text.length() && text.charAt(at) == quote) {
                quotation.append(text.charAt(at++));
            } else {
                return quotation.toString();
            }
        }
        at = from;
        throw error("the quotation has no end");
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private InvalidInputException error(String reason) {
        return new InvalidInputException("The filter can't be read at character " + (at + 1) + ": " + reason
                + ". Write comparisons with =, !=, <, <=, >, >= or ^= (begins with), a name alone (is there) or !name"
                + " (is not there), separated by commas. Put text with commas into quotes.");
    }
}
