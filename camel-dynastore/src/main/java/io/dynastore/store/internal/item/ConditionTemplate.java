/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import static io.dynastore.store.internal.item.Expressions.AT_VERSION;
import static io.dynastore.store.internal.item.Expressions.EXISTS;
import static io.dynastore.store.internal.item.Expressions.EXPECTED;
import static io.dynastore.store.internal.item.Expressions.EXPIRES;
import static io.dynastore.store.internal.item.Expressions.INCARNATION;
import static io.dynastore.store.internal.item.Expressions.IN_UNNAMED_INCARNATION;
import static io.dynastore.store.internal.item.Expressions.LIVE;
import static io.dynastore.store.internal.item.Expressions.LOCK;
import static io.dynastore.store.internal.item.Expressions.NOW;
import static io.dynastore.store.internal.item.Expressions.NO_LOCK;
import static io.dynastore.store.internal.item.Expressions.PARTITION_KEY;
import static io.dynastore.store.internal.item.Expressions.SAME_INCARNATION;
import static io.dynastore.store.internal.item.Expressions.VERSION;
import static io.dynastore.store.internal.item.Expressions.WITHOUT_VERSION;
import static io.dynastore.store.internal.item.Expressions.ZERO;
import static io.dynastore.store.internal.item.Expressions.and;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The condition of a write on a live item. Each one also excludes lock items.
 *
 * <p>Decision 2 in docs/decisions has the reasons.
 */
public enum ConditionTemplate {
    /** A live item, or none. */
    LIVE_OR_ABSENT(LIVE),
    /** A live item. */
    LIVE_ITEM(and(EXISTS, LIVE)),
    /** A live item without a version. */
    LIVE_WITHOUT_VERSION(and(and(EXISTS, WITHOUT_VERSION), LIVE)),
    /** A live item at a version, which no absent item has. */
    LIVE_AT_VERSION(and(AT_VERSION, LIVE)),
    /** A live item at a version of a known incarnation. */
    LIVE_IN_INCARNATION(and(and(AT_VERSION, SAME_INCARNATION), LIVE)),
    /** A live item at a version of an incarnation without a name. */
    LIVE_IN_UNNAMED_INCARNATION(and(and(AT_VERSION, IN_UNNAMED_INCARNATION), LIVE));

    private static final AttributeValue NONE = AttributeValue.fromN("0");

    private final String text;

    ConditionTemplate(String text) {
        this.text = and(text, NO_LOCK);
    }

    /** The template for what a call expects: no version means any, 0 an item without one. */
    public static ConditionTemplate of(ConditionalCall<?> call) {
        if (call.expectedVersion() == null) {
            return LIVE_ITEM;
        }
        if (call.expectedVersion() == 0) {
            return LIVE_WITHOUT_VERSION;
        }
        if (call.expectedIncarnation() == null) {
            return LIVE_AT_VERSION;
        }
        return call.expectedIncarnation().name() == null ? LIVE_IN_UNNAMED_INCARNATION : LIVE_IN_INCARNATION;
    }

    /** Whether the version that an update produces follows from the expected one. */
    boolean versionKnown() {
        return switch (this) {
            case LIVE_OR_ABSENT, LIVE_ITEM -> false;
            case LIVE_WITHOUT_VERSION, LIVE_AT_VERSION, LIVE_IN_INCARNATION, LIVE_IN_UNNAMED_INCARNATION -> true;
        };
    }

    /** The condition expression. */
    public String text() {
        return text;
    }

    /** Adds the attribute names that the text uses. */
    public void names(TableSchema schema, Map<String, String> names) {
        names.put(EXPIRES, schema.expires());
        names.put(LOCK, LockAttributes.LOCK);
        switch (this) {
            case LIVE_OR_ABSENT -> {}
            case LIVE_ITEM -> names.put(PARTITION_KEY, schema.partitionKey().name());
            case LIVE_WITHOUT_VERSION -> {
                names.put(PARTITION_KEY, schema.partitionKey().name());
                names.put(VERSION, schema.version());
            }
            case LIVE_AT_VERSION -> names.put(VERSION, schema.version());
            case LIVE_IN_INCARNATION, LIVE_IN_UNNAMED_INCARNATION -> {
                names.put(VERSION, schema.version());
                HistoryAttributes.creatorName(names);
            }
        }
    }

    /** Adds the values that the text uses. */
    public void values(ConditionalCall<?> call, Instant now, Map<String, AttributeValue> values) {
        // No item has expired at the beginning of time.
        boolean expired = call instanceof DeleteCall delete && delete.includeExpired();
        values.put(NOW, EncodedItem.seconds(expired ? Instant.MIN : now));
        switch (this) {
            case LIVE_OR_ABSENT, LIVE_ITEM -> {}
            case LIVE_WITHOUT_VERSION -> values.put(ZERO, NONE);
            case LIVE_AT_VERSION, LIVE_IN_UNNAMED_INCARNATION -> values.put(EXPECTED, version(call));
            case LIVE_IN_INCARNATION -> {
                values.put(EXPECTED, version(call));
                values.put(
                        INCARNATION,
                        AttributeValue.fromB(Objects.requireNonNull(Objects.requireNonNull(call.expectedIncarnation())
                                .name())));
            }
        }
    }

    private static AttributeValue version(ConditionalCall<?> call) {
        return AttributeValue.fromN(String.valueOf(call.expectedVersion()));
    }
}
