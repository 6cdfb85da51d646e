/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.monitor;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** The console's JSON as text: the metrics of an object in one line, and its parts indented below. */
public final class ConsoleText {

    private ConsoleText() {}

    public static String of(Map<?, ?> lists) {
        StringBuilder text = new StringBuilder();
        lists.forEach((name, entries) -> {
            text.append(name).append(":\n");
            ((Collection<?>) entries).forEach(entry -> append(text, "", (Map<?, ?>) entry, 1));
        });
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Map<?, ?> parts, int depth) {
        String metrics = parts.entrySet().stream()
                .filter(part -> !(part.getValue() instanceof Map))
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(" "));
        text.append("    ".repeat(depth)).append(name).append(metrics).append('\n');
        parts.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
                append(text, key + ": ", inner, depth + 1);
            }
        });
    }
}
