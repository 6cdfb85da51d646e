/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The attributes behind the placeholders of locks, groups and queues. Pure. */
public final class Placeholders {

    private static final Pattern NAME = Pattern.compile("#\\w+");

    private Placeholders() {}

    /**
     * The attribute names for every placeholder in these expressions.
     *
     * @param attribute the attribute behind a placeholder
     */
    public static Map<String, String> names(UnaryOperator<String> attribute, String... expressions) {
        Map<String, String> names = new HashMap<>();
        for (String expression : expressions) {
            Matcher found = NAME.matcher(expression);
            while (found.find()) {
                names.put(found.group(), attribute.apply(found.group()));
            }
        }
        return names;
    }

    /**
     * The attribute of any item behind a placeholder. Without a sort key, {@code #sortKey} is the partition key.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static String ofItem(TableSchema schema, String placeholder) {
        return switch (placeholder) {
            case "#partitionKey" -> schema.partitionKey().name();
            case "#sortKey" ->
                schema.sortKey() == null
                        ? schema.partitionKey().name()
                        : schema.sortKey().name();
            case "#version" -> schema.version();
            case "#expires" -> schema.expires();
            case "#payload" -> schema.payload();
            case "#lock" -> LockAttributes.LOCK;
            case "#fence" -> LockAttributes.FENCE;
            default -> throw new IllegalArgumentException("No attribute is called " + placeholder);
        };
    }

    /**
     * The attribute of a lease behind a placeholder.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static String ofLease(TableSchema schema, String placeholder) {
        return switch (placeholder) {
            case "#holder" -> LockAttributes.HOLDER;
            case "#owner" -> LockAttributes.OWNER;
            case "#until" -> LockAttributes.UNTIL;
            case "#lease" -> LockAttributes.LEASE;
            case "#released" -> LockAttributes.RELEASED;
            default -> ofItem(schema, placeholder);
        };
    }
}
