/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static io.dynastore.store.internal.item.Expressions.EXPIRES;
import static io.dynastore.store.internal.item.Expressions.FENCE;
import static io.dynastore.store.internal.item.Expressions.INCREMENT_VERSION;
import static io.dynastore.store.internal.item.Expressions.NOT_FENCED_OFF;
import static io.dynastore.store.internal.item.Expressions.PAYLOAD;
import static io.dynastore.store.internal.item.Expressions.SET_EXPIRES;
import static io.dynastore.store.internal.item.Expressions.SET_FENCE;
import static io.dynastore.store.internal.item.Expressions.SET_PAYLOAD;
import static io.dynastore.store.internal.item.Expressions.SET_VERSION;
import static io.dynastore.store.internal.item.Expressions.VERSION;

import io.dynastore.store.Expiry;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Everything that decides the text of an update: nothing of it depends on a value.
 *
 * @param condition what is asked of the item
 * @param expires whether the expiry is set
 * @param immortal whether the expiry is removed
 * @param set the number of extra fields that are set
 * @param removed the number of extra fields that are removed
 * @param fenced whether the write has a fencing token
 */
record UpdateTemplate(
        ConditionTemplate condition, boolean expires, boolean immortal, int set, int removed, boolean fenced) {

    /**
     * The text of an update and the names in it, but for those of extra fields.
     *
     * @param update the update expression
     * @param condition the condition expression
     * @param names unmodifiable
     */
    record Text(String update, String condition, Map<String, String> names) {}

    /** The texts of one table; as many as there are shapes in use, those with many fields excepted. */
    static final class Cache {

        private static final int MOST_FIELDS = 8;

        private final Map<UpdateTemplate, Text> texts = new ConcurrentHashMap<>();
        private final TableSchema schema;

        Cache(TableSchema schema) {
            this.schema = schema;
        }

        Text text(UpdateTemplate shape) {
            return shape.set + shape.removed > MOST_FIELDS
                    ? shape.text(schema)
                    : texts.computeIfAbsent(shape, s -> s.text(schema));
        }
    }

    static UpdateTemplate of(ConditionTemplate condition, EncodedItem item) {
        int removed = 0;
        for (AttributeValue field : item.fields().values()) {
            removed += field == null ? 1 : 0;
        }
        return new UpdateTemplate(
                condition,
                item.expiry() instanceof Expiry.After,
                item.expiry() instanceof Expiry.Never,
                item.fields().size() - removed,
                removed,
                item.fence() != null);
    }

    /** Whether the new version follows from the expected one, so that the service need not tell it. */
    boolean versionKnown() {
        return condition.versionKnown();
    }

    static String setName(int position) {
        return "#set" + position;
    }

    static String setValue(int position) {
        return ":set" + position;
    }

    static String removedName(int position) {
        return "#removed" + position;
    }

    private Text text(TableSchema schema) {
        StringBuilder update = new StringBuilder("SET ").append(SET_PAYLOAD);
        update.append(", ").append(versionKnown() ? SET_VERSION : INCREMENT_VERSION);
        if (expires) {
            update.append(", ").append(SET_EXPIRES);
        }
        update.append(", ").append(WriteHistory.SHIFT);
        update.append(", ").append(versionKnown() ? WriteHistory.KNOWN : WriteHistory.COUNTED);
        if (condition != ConditionTemplate.LIVE_IN_LIFE) {
            update.append(", ").append(WriteHistory.NAME_LIFE);
        }
        for (int i = 0; i < set; i++) {
            update.append(", ").append(setName(i)).append(" = ").append(setValue(i));
        }
        if (fenced) {
            update.append(", ").append(SET_FENCE);
        }
        String separator = " REMOVE ";
        if (immortal) {
            update.append(separator).append(EXPIRES);
            separator = ", ";
        }
        for (int i = 0; i < removed; i++) {
            update.append(separator).append(removedName(i));
            separator = ", ";
        }
        Map<String, String> names = new HashMap<>();
        names.put(PAYLOAD, schema.payload());
        names.put(VERSION, schema.version());
        WriteHistory.names(names);
        WriteHistory.creatorName(names);
        condition.names(schema, names);
        if (fenced) {
            names.put(FENCE, LockAttributes.FENCE);
        }
        // A version lets a write pass once; without one, the mark has to.
        String once = versionKnown() ? condition.text() : Expressions.and(condition.text(), WriteHistory.NOT_APPLIED);
        return new Text(update.toString(), fenced ? Expressions.and(once, NOT_FENCED_OFF) : once, Map.copyOf(names));
    }
}
