/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.FieldFilter;
import io.dynastore.store.FieldSelection;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.codec.SingleValues;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads which fields a read returns, and by which it filters. Stateless. */
final class SelectionParser {

    private static final String FIELDS = "The fields to read (fields, or the header " + DynaStoreConstants.FIELDS + ")";
    private static final String FILTER = "The filter (filter, or the header " + DynaStoreConstants.FILTER + ")";

    private SelectionParser() {}

    /**
     * Reads a selection of fields: all, none, or names as text or as a collection. A Map belongs to a write.
     *
     * @throws InvalidInputException if it is something else
     */
    static void fields(Object given, Consumer<FieldSelection> into) {
        if (given instanceof FieldSelection selection) {
            into.accept(selection);
        } else if (given instanceof Collection<?> names) {
            into.accept(FieldSelection.of(names(names)));
        } else if (!(given instanceof Map<?, ?>)) {
            String text = SingleValues.text(given);
            if (text == null) {
                throw new InvalidInputException(
                        FIELDS + " are a " + given.getClass().getName() + ": give all, none, or names.");
            }
            into.accept(
                    switch (text.trim()) {
                        case "all" -> FieldSelection.ALL;
                        case "none" -> FieldSelection.NONE;
                        default ->
                            FieldSelection.of(Arrays.stream(text.split(",", -1))
                                    .map(String::trim)
                                    .toList());
                    });
        }
    }

    private static Set<String> names(Collection<?> given) {
        Set<String> names = new LinkedHashSet<>();
        for (Object name : given) {
            String text = name == null ? null : SingleValues.text(name);
            if (text == null) {
                throw new InvalidInputException(FIELDS + " include what is no name: give names as text.");
            }
            names.add(text);
        }
        return names;
    }

    /** What a filter compares with. What is no single value stays, and is rejected with its class. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof JsonNode node && (node.isBoolean() || node.isNull())) {
            return node.isNull() ? null : (Object) node.booleanValue();
        }
        Object plain = SingleValues.plain(value);
        return plain == null ? value : plain;
    }

    /**
     * Reads a filter: its text, or a Map of names and of the values that these fields have. Empty text filters nothing.
     *
     * @throws InvalidInputException if it is something else, or the text is no filter
     */
    static FieldFilter filter(Object given) {
        if (given instanceof FieldFilter filter) {
            return filter;
        }
        if (given instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            MapReader.named(map, FILTER).forEach((name, value) -> values.put(name, plain(value)));
            return FieldFilter.equal(values);
        }
        String text = SingleValues.text(given);
        if (text == null) {
            throw new InvalidInputException(FILTER + " is a " + given.getClass().getName()
                    + ": give comparisons as text, or a Map of names and values.");
        }
        if (text.isBlank()) {
            return FieldFilter.NONE;
        }
        return FieldFilter.parse(text);
    }
}
