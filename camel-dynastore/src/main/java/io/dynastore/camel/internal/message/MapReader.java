/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.codec.SingleValues;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Maps with names as keys. Stateless. */
final class MapReader {

    private MapReader() {}

    /**
     * The entries as numbers, by their names. Text and JSON may hold a number, too.
     *
     * @param given the Map, or a JSON object
     * @param place what it is, for the message
     * @throws InvalidInputException if it is neither, or a value is no number
     */
    static Map<String, Number> numbers(Object given, String place) {
        Map<?, ?> map;
        if (given instanceof JsonNode object && object.isObject()) {
            Map<String, Object> members = new LinkedHashMap<>();
            object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            map = members;
        } else if (given instanceof Map<?, ?> plain) {
            map = plain;
        } else {
            throw new InvalidInputException(place + " is a " + given.getClass().getName()
                    + ": set it to a Map of names (or paths) and numbers.");
        }
        Map<String, Number> numbers = new LinkedHashMap<>();
        named(map, place).forEach((name, value) -> {
            Number number = SingleValues.number(value);
            if (number == null) {
                throw new InvalidInputException(place + " has no number at '" + Key.shown(name)
                        + "': give the number to add, or leave it out.");
            }
            numbers.put(name, number);
        });
        return numbers;
    }

    /**
     * The entries by their names, in the given order. The key null is the empty name.
     *
     * @param place what the Map is, for the message
     * @throws InvalidInputException if a key is no single value, or two keys are the same text
     */
    static Map<String, @Nullable Object> named(Map<?, ?> map, String place) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            String name = key == null ? "" : SingleValues.text(key);
            if (name == null) {
                throw new InvalidInputException(place + " has a key of type "
                        + key.getClass().getName() + ", which is no single value: give names as text.");
            }
            if (named.containsKey(name)) {
                throw new InvalidInputException(place + " has two keys that are the same text '" + Key.shown(name)
                        + "': give each entry a name of its own.");
            }
            named.put(name, value);
        });
        return named;
    }
}
