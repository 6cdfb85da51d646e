/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import static io.dynastore.store.operation.Expressions.AT_VERSION;
import static io.dynastore.store.operation.Expressions.EXISTS;
import static io.dynastore.store.operation.Expressions.EXPECTED;
import static io.dynastore.store.operation.Expressions.EXPIRES;
import static io.dynastore.store.operation.Expressions.LIVE;
import static io.dynastore.store.operation.Expressions.LOCK;
import static io.dynastore.store.operation.Expressions.NOW;
import static io.dynastore.store.operation.Expressions.NO_LOCK;
import static io.dynastore.store.operation.Expressions.PARTITION_KEY;
import static io.dynastore.store.operation.Expressions.VERSION;
import static io.dynastore.store.operation.Expressions.WITHOUT_VERSION;
import static io.dynastore.store.operation.Expressions.ZERO;
import static io.dynastore.store.operation.Expressions.and;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a write of a live item asks of it; that it is no lock, in any case. */
enum ConditionShape {
    /** A live item, or none. */
    LIVE_OR_ABSENT(LIVE),
    /** A live item. */
    LIVE_ITEM(and(EXISTS, LIVE)),
    /** A live item without a version. */
    LIVE_WITHOUT_VERSION(and(and(EXISTS, WITHOUT_VERSION), LIVE)),
    /** A live item at a version, which no absent item has. */
    LIVE_AT_VERSION(and(AT_VERSION, LIVE));

    private static final AttributeValue NONE = AttributeValue.fromN("0");

    private final String text;

    ConditionShape(String text) {
        this.text = and(text, NO_LOCK);
    }

    /** The shape for an expected version: null is any, 0 is an item without one. */
    static ConditionShape of(@Nullable Long expectedVersion) {
        if (expectedVersion == null) {
            return LIVE_ITEM;
        }
        return expectedVersion == 0 ? LIVE_WITHOUT_VERSION : LIVE_AT_VERSION;
    }

    String text() {
        return text;
    }

    /** Adds the attribute names that the text uses. */
    void names(TableSchema schema, Map<String, String> names) {
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
        }
    }

    /** Adds the values that the text uses. */
    void values(@Nullable Long expectedVersion, Instant now, Map<String, AttributeValue> values) {
        values.put(NOW, NewItem.seconds(now));
        switch (this) {
            case LIVE_OR_ABSENT, LIVE_ITEM -> {}
            case LIVE_WITHOUT_VERSION -> values.put(ZERO, NONE);
            case LIVE_AT_VERSION -> values.put(EXPECTED, AttributeValue.fromN(String.valueOf(expectedVersion)));
        }
    }
}
