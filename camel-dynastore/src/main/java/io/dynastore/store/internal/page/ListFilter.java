/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.EncodedItem;
import io.dynastore.store.internal.item.Expressions;
import io.dynastore.store.internal.item.FieldCondition;
import io.dynastore.store.internal.item.TableContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The filter expression of a list, which the service applies to what it examines.
 *
 * @param table the table
 * @param query what the list reads
 * @param fetching whether the items are read by key afterwards
 * @param includeExpired whether the list returns expired items
 * @param conditions the comparisons of fields that the service makes
 */
record ListFilter(
        TableContext table,
        ListQuery query,
        boolean fetching,
        boolean includeExpired,
        List<FieldCondition> conditions) {

    /**
     * The expression at the present time; null if nothing is filtered.
     *
     * @param names receives the attribute names in it
     * @param values receives the values in it
     */
    @Nullable
    String text(Map<String, String> names, Map<String, AttributeValue> values) {
        return Stream.of(live(names, values), ordinary(names, values), FieldCondition.text(conditions, names, values))
                .filter(Objects::nonNull)
                .reduce(Expressions::and)
                .orElse(null);
    }

    /** Excludes expired items. Entries that only refer to items are not filtered until the items have been read. */
    private @Nullable String live(Map<String, String> names, Map<String, AttributeValue> values) {
        if (fetching) {
            return null;
        }
        String projected = query.index() == null ? null : projected(names);
        if (includeExpired || query.isKey(table.schema().expires())) {
            return projected;
        }
        names.put(Expressions.EXPIRES, table.schema().expires());
        values.put(Expressions.NOW, EncodedItem.seconds(table.clock().instant()));
        return projected == null ? Expressions.LIVE : Expressions.and(Expressions.LIVE, projected);
    }

    /** Names what the index must project. It always projects its keys, and the service accepts no key in a filter. */
    private @Nullable String projected(Map<String, String> names) {
        TableSchema schema = table.schema();
        Map<String, String> needed = new LinkedHashMap<>();
        if (!schema.flat()) {
            needed.put(Expressions.PAYLOAD, schema.payload());
        }
        needed.put(Expressions.VERSION, schema.version());
        needed.put(Expressions.EXPIRES, schema.expires());
        needed.values().removeIf(query::isKey);
        names.putAll(needed);
        return Expressions.projected(needed.keySet());
    }

    /**
     * Excludes from a whole table the locks, and the partitions that the component keeps for itself. If a list names
     * its partition, it reads all of it.
     */
    private @Nullable String ordinary(Map<String, String> names, Map<String, AttributeValue> values) {
        KeyAttribute partitionKey = table.schema().partitionKey();
        if (query.segment() == null) {
            return null;
        }
        String noLock = query.index() == null ? Expressions.NO_LOCK : null;
        if (noLock != null) {
            names.put(Expressions.LOCK, LockAttributes.LOCK);
        }
        if (partitionKey.type() != KeyType.STRING) {
            return noLock;
        }
        names.put(Expressions.PARTITION_KEY, partitionKey.name());
        values.put(Expressions.OWN_PARTITIONS, AttributeValue.fromS(TableSchema.OWN_PARTITIONS));
        return noLock == null ? Expressions.NOT_OWN : Expressions.and(Expressions.NOT_OWN, noLock);
    }
}
