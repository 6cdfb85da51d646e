/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Formats the console's JSON as text: the values of an object in one line, and its inner objects indented below. */
public final class ConsoleText {

    private ConsoleText() {}

    /**
     * Formats a whole console.
     *
     * @param lists lists of objects, by name
     */
    public static String of(Map<?, ?> lists) {
        StringBuilder text = new StringBuilder();
        lists.forEach((name, entries) -> {
            text.append(name).append(":\n");
            ((Collection<?>) entries).forEach(entry -> append(text, "", (Map<?, ?>) entry, 1));
        });
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Map<?, ?> parts, int depth) {
        String values = parts.entrySet().stream()
                .filter(part -> !(part.getValue() instanceof Map))
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(" "));
        text.append("    ".repeat(depth)).append(name).append(values).append('\n');
        parts.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
                append(text, key + ": ", inner, depth + 1);
            }
        });
    }
}
