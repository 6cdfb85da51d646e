/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyType;
import io.dynastore.store.codec.SingleValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Several values in one option or header: a collection, or text.
 *
 * <p>In text, commas separate the values, and semicolons separate groups of values. Spaces around a value are dropped.
 * A backslash before a comma, a semicolon or a backslash makes it a part of the value. Before any other character it is
 * a part of the value itself. Stateless.
 */
public final class ValueTexts {

    private static final char ESCAPE = '\\';
    private static final String SPECIAL = ",;\\";

    private ValueTexts() {}

    /** The parts between the separators that are not escaped. The parts keep their escapes. */
    public static List<String> groups(String text) {
        return parts(text, ';');
    }

    /** The values of a group, without escapes. */
    static List<String> values(String group) {
        return parts(group, ',').stream().map(part -> unescaped(part.trim())).toList();
    }

    /** The values of a collection as they are, those of text, or the one that is given. */
    static List<?> of(Object given) {
        if (given instanceof Collection<?> values) {
            return new ArrayList<>(values);
        }
        return given instanceof String text ? values(text) : List.of(given);
    }

    /**
     * Names of attributes.
     *
     * @param option the option that has them, for messages
     * @throws InvalidInputException naming the option, if one is empty or no text
     */
    static List<String> names(String option, Object given) {
        List<String> names = new ArrayList<>();
        for (Object value : of(given)) {
            String name = value == null ? null : SingleValues.text(value);
            if (name == null || name.isEmpty()) {
                throw new InvalidInputException("The option " + option + " has "
                        + (name == null ? "no text" : "an empty name")
                        + ": give the names of the attributes, separated by commas, or a List of them.");
            }
            names.add(name);
        }
        return names;
    }

    /**
     * Types of key attributes.
     *
     * @param option the option that has them, for messages
     * @throws InvalidInputException naming the option, if one is unknown
     */
    static List<KeyType> types(String option, Object given) {
        List<KeyType> types = new ArrayList<>();
        for (Object value : of(given)) {
            KeyType type = value instanceof KeyType known ? known : named(value);
            if (type == null) {
                throw new InvalidInputException("The option " + option + " or the header CamelDynaStore"
                        + StringHelper.capitalize(option)
                        + " has a type that no key has: give string, number or binary, separated by commas.");
            }
            types.add(type);
        }
        return types;
    }

    private static @Nullable KeyType named(@Nullable Object value) {
        String text = value == null ? null : SingleValues.text(value);
        for (KeyType type : KeyType.values()) {
            if (type.name().equals(text == null ? null : text.toUpperCase(Locale.ROOT))) {
                return type;
            }
        }
        return null;
    }

    private static List<String> parts(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            if (escapes(text, i)) {
                i++;
            } else if (text.charAt(i) == separator) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }

    private static String unescaped(String part) {
        if (part.indexOf(ESCAPE) < 0) {
            return part;
        }
        StringBuilder value = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            value.append(part.charAt(escapes(part, i) ? ++i : i));
        }
        return value.toString();
    }

    private static boolean escapes(String text, int at) {
        return text.charAt(at) == ESCAPE && at + 1 < text.length() && SPECIAL.indexOf(text.charAt(at + 1)) >= 0;
    }
}
