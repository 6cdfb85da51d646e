/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.codec.SingleValues;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Converts the values of keys that consist of several attributes: partitions, bounds and prefixes. Stateless. */
final class KeyValues {

    private KeyValues() {}

    /**
     * Values of all these attributes.
     *
     * @throws InvalidInputException naming the place, if there are more or fewer of them
     */
    static List<Object> values(Object given, List<KeyAttribute> attributes, String place) {
        List<?> values = ValueTexts.of(given);
        if (values.size() != attributes.size()) {
            throw new InvalidInputException(place + " has " + values.size()
                    + (values.size() == 1 ? " value" : " values")
                    + ", and the partition key of the index consists of " + names(attributes)
                    + ". Give a value for each: a List, or text with commas between them"
                    + " (\\, for a comma in a value).");
        }
        return converted(values, attributes, place);
    }

    private static List<Object> converted(List<?> values, List<KeyAttribute> attributes, String place) {
        List<Object> converted = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value == null) {
                throw new InvalidInputException(place + " has no value for the key attribute '"
                        + attributes.get(i).name() + "': give one.");
            }
            converted.add(KeyConversion.convert(value, attributes.get(i), place));
        }
        return converted;
    }

    /** The names of attributes, for messages. */
    static String names(List<KeyAttribute> attributes) {
        return attributes.stream().map(KeyAttribute::name).collect(Collectors.joining(", "));
    }

    /** A bound of a range, converted to the types of the attributes that it names. */
    static @Nullable Object bound(@Nullable Object value, List<KeyAttribute> attributes, String option) {
        if (value == null || attributes.isEmpty()) {
            return value;
        }
        String place = "The value of " + option;
        return attributes.size() == 1
                ? KeyConversion.convert(value, attributes.get(0), place)
                : converted(first(ValueTexts.of(value), attributes, option), attributes, place);
    }

    /** The prefix of a sort key; if that consists of several attributes, behind the values of those before. */
    static @Nullable Object prefix(@Nullable Object value, List<KeyAttribute> attributes) {
        if (value == null || attributes.size() < 2) {
            String text = value == null ? null : SingleValues.text(value);
            if (value != null && text == null) {
                throw new InvalidInputException(
                        "The value of sortKeyPrefix is a " + value.getClass().getName() + ": give text, or remove it.");
            }
            return text;
        }
        String place = "The value of sortKeyPrefix";
        List<?> values = first(ValueTexts.of(value), attributes, "sortKeyPrefix");
        int last = values.size() - 1;
        List<Object> converted = converted(values.subList(0, last), attributes, place);
        String prefix = values.get(last) == null ? null : SingleValues.text(values.get(last));
        if (prefix == null) {
            throw new InvalidInputException(
                    place + " ends with no text for '" + attributes.get(last).name() + "': give text.");
        }
        converted.add(prefix);
        return converted;
    }

    private static List<?> first(List<?> values, List<KeyAttribute> attributes, String option) {
        if (values.isEmpty() || values.size() > attributes.size()) {
            throw new InvalidInputException("The value of " + option + " has " + values.size()
                    + " values, and the sort key of the index consists of " + names(attributes)
                    + ". Give one for each, or for the first ones.");
        }
        return values;
    }
}
