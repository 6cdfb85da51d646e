/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static io.dynastore.store.internal.item.Expressions.DUE;
import static io.dynastore.store.internal.item.Expressions.EXPIRES;
import static io.dynastore.store.internal.item.Expressions.FENCE;
import static io.dynastore.store.internal.item.Expressions.HAS_SUCCESSOR;
import static io.dynastore.store.internal.item.Expressions.INCREMENT_VERSION;
import static io.dynastore.store.internal.item.Expressions.NOT_FENCED_OFF;
import static io.dynastore.store.internal.item.Expressions.PAYLOAD;
import static io.dynastore.store.internal.item.Expressions.SET_DUE_IF_OPEN;
import static io.dynastore.store.internal.item.Expressions.SET_EXPIRES;
import static io.dynastore.store.internal.item.Expressions.SET_FENCE;
import static io.dynastore.store.internal.item.Expressions.SET_PAYLOAD;
import static io.dynastore.store.internal.item.Expressions.SET_VERSION;
import static io.dynastore.store.internal.item.Expressions.VERSION;

import io.dynastore.store.Expiry;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Everything that determines the text of an update. Nothing of it depends on a value, so that texts can be cached.
 *
 * @param condition the condition on the item
 * @param payload whether the payload is replaced
 * @param expires whether the expiry is set
 * @param immortal whether the expiry is removed
 * @param set the number of extra fields that are set
 * @param removed the number of extra fields that are removed
 * @param fenced whether the write has a fencing token
 * @param queued whether the item is due from now on if it has no such time
 */
record UpdateTemplate(
        ConditionTemplate condition,
        boolean payload,
        boolean expires,
        boolean immortal,
        int set,
        int removed,
        boolean fenced,
        boolean queued) {

    /** So many always fit, and their texts are cached. */
    private static final int FEW_FIELDS = 8;

    /** The service's limit of an expression, in bytes. */
    static final int LONGEST_EXPRESSION = 4096;

    /**
     * The condition of a write whose version the service counts. An expected version lets a write pass once, and has a
     * successor. Without one, the write id lets it pass once, and the service compares the version.
     */
    private static final String COUNTED = Expressions.and(HistoryAttributes.NOT_APPLIED, HAS_SUCCESSOR);

    private static final String FIRST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String NEXT = FIRST + FIRST.toLowerCase(Locale.ROOT) + "0123456789";

    /**
     * The text of an update and the names in it, except for those of extra fields.
     *
     * @param set the SET clause of the update expression
     * @param remove the REMOVE clause; may be empty
     * @param update both
     * @param condition the condition expression
     * @param names unmodifiable
     */
    record Text(String set, String remove, String update, String condition, Map<String, String> names) {}

    /** The texts of one table: one for each template in use, except for templates with many fields. Thread safe. */
    static final class Cache {

        private final Map<UpdateTemplate, Text> texts = new ConcurrentHashMap<>();
        private final TableSchema schema;

        Cache(TableSchema schema) {
            this.schema = schema;
        }

        /** Null if the update expression would be longer than the service takes. */
        @Nullable
        Text text(UpdateTemplate template) {
            return template.fits() ? cached(template) : null;
        }

        private Text cached(UpdateTemplate template) {
            return template.set + template.removed > FEW_FIELDS
                    ? template.text(schema)
                    : texts.computeIfAbsent(template, missing -> missing.text(schema));
        }
    }

    static UpdateTemplate of(ConditionTemplate condition, EncodedItem item) {
        int removed = 0;
        for (AttributeValue field : item.fields().values()) {
            removed += field == null ? 1 : 0;
        }
        return new UpdateTemplate(
                condition,
                item.payload() != null,
                item.expiry() instanceof Expiry.After,
                item.expiry() instanceof Expiry.Never,
                item.fields().size() - removed,
                removed,
                item.fence() != null,
                item.dueOtherwise() != null);
    }

    /** Whether the new version follows from the expected one, so that the service need not return it. */
    boolean versionKnown() {
        return condition.versionKnown();
    }

    /** The placeholder of the name of an extra field that is set. */
    String setName(int position) {
        return "#" + code(position);
    }

    /** The placeholder of the value of an extra field that is set. */
    String setValue(int position) {
        return ":" + code(position);
    }

    /** The placeholder of the name of an extra field that is removed. */
    String removedName(int position) {
        return "#" + code(set + position);
    }

    /** As short as can be, and unlike any other placeholder: a capital letter, and a letter or digit if needed. */
    private static String code(int position) {
        if (position < FIRST.length()) {
            return FIRST.substring(position, position + 1);
        }
        int rest = position - FIRST.length();
        return FIRST.charAt(rest / NEXT.length()) + NEXT.substring(rest % NEXT.length(), rest % NEXT.length() + 1);
    }

    /** Whether there are placeholders for all fields, and the service takes the update expression. */
    boolean fits() {
        int fields = set + removed;
        return fields <= FEW_FIELDS
                || (fields <= FIRST.length() + FIRST.length() * NEXT.length()
                        && setting().length() + removal().length() <= LONGEST_EXPRESSION);
    }

    private Text text(TableSchema schema) {
        String passing = versionKnown() ? condition.text() : Expressions.and(condition.text(), COUNTED);
        String set = setting();
        String remove = removal();
        return new Text(
                set, remove, set + remove, fenced ? Expressions.and(passing, NOT_FENCED_OFF) : passing, names(schema));
    }

    private String setting() {
        StringJoiner sets = new StringJoiner(", ", "SET ", "");
        if (payload) {
            sets.add(SET_PAYLOAD);
        }
        sets.add(versionKnown() ? SET_VERSION : INCREMENT_VERSION);
        if (expires) {
            sets.add(SET_EXPIRES);
        }
        sets.add(HistoryAttributes.SHIFT);
        sets.add(versionKnown() ? HistoryAttributes.RECORD_KNOWN_VERSION : HistoryAttributes.RECORD_COUNTED_VERSION);
        if (condition != ConditionTemplate.LIVE_IN_INCARNATION) {
            sets.add(HistoryAttributes.NAME_INCARNATION);
        }
        if (fenced) {
            sets.add(SET_FENCE);
        }
        if (queued) {
            sets.add(SET_DUE_IF_OPEN);
        }
        StringBuilder clause = new StringBuilder(sets.toString());
        for (int i = 0; i < set; i++) {
            clause.append(',').append(setName(i)).append('=').append(setValue(i));
        }
        return clause.toString();
    }

    private String removal() {
        StringJoiner removes = new StringJoiner(",", " REMOVE ", "").setEmptyValue("");
        if (immortal) {
            removes.add(EXPIRES);
        }
        for (int i = 0; i < removed; i++) {
            removes.add(removedName(i));
        }
        return removes.toString();
    }

    private Map<String, String> names(TableSchema schema) {
        Map<String, String> names = new HashMap<>();
        if (payload) {
            names.put(PAYLOAD, schema.payload());
        }
        names.put(VERSION, schema.version());
        HistoryAttributes.names(names);
        HistoryAttributes.creatorName(names);
        condition.names(schema, names);
        if (fenced) {
            names.put(FENCE, LockAttributes.FENCE);
        }
        if (queued) {
            names.put(DUE, QueueAttributes.FROM);
        }
        return Map.copyOf(names);
    }
}
