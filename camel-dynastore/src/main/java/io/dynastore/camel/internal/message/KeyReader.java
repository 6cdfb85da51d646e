/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys of a call: the URI's, which nothing overrides; else the header's; else those of an item in the body.
 *
 * <p>Values are converted to the declared type by {@link KeyConversion}. The URI's are converted once.
 */
public final class KeyReader {

    private final TableSchema schema;
    private final @Nullable Object partitionKey;
    private final @Nullable Object sortKey;

    KeyReader(DynaStoreConfiguration options, TableSchema schema) {
        this.schema = schema;
        // Where the URI names an index with a partition key of its own, its value may be one of the index.
        this.partitionKey = options.getPartitionKey() == null || options.getIndexPartitionKeyName() != null
                ? options.getPartitionKey()
                : KeyConversion.convert(options.getPartitionKey(), schema.partitionKey(), "The option partitionKey");
        this.sortKey = options.getSortKey() == null || schema.sortKey() == null
                ? null
                : KeyConversion.convert(options.getSortKey(), schema.sortKey(), "The option sortKey");
        if (options.getSortKey() != null && schema.sortKey() == null) {
            throw new InvalidInputException(
                    "The option sortKey is set, and the table has no sort key (sortKeyName=none):"
                            + " remove one of the two.");
        }
    }

    /**
     * The key of one item.
     *
     * @param item the item in the body that may supply the key; null if it may not, or there is none
     */
    public Key key(Message message, @Nullable Item item) {
        Object partition = value(
                partitionKey,
                message,
                DynaStoreConstants.PARTITION_KEY,
                "partitionKey",
                schema.partitionKey(),
                item == null ? null : item.key().partitionKey());
        KeyAttribute sort = schema.sortKey();
        return new Key(
                partition,
                sort == null
                        ? null
                        : value(
                                sortKey,
                                message,
                                DynaStoreConstants.SORT_KEY,
                                "sortKey",
                                sort,
                                item == null ? null : item.key().sortKey()));
    }

    /** Table and, if the message names it, the key, for messages. */
    public String place(Message message) {
        try {
            return "Table " + schema.table() + ", key " + key(message, message.getBody() instanceof Item i ? i : null);
        } catch (InvalidInputException e) {
            return "Table " + schema.table();
        }
    }

    /** The partition alone, for any lock of it. */
    public Key anyOf(Message message) {
        if (sortKey != null || schema.sortKey() == null) {
            throw new InvalidInputException("leaseAny takes any lock of a partition: "
                    + (schema.sortKey() == null
                            ? "the table has no sort key, and so but one in each. Leave leaseAny out."
                            : "leave the option sortKey out."));
        }
        return Key.of(partition(message, schema.partitionKey()));
    }

    /** The partition of a list through the table or an index. */
    Object partition(Message message, KeyAttribute attribute) {
        return value(partitionKey, message, DynaStoreConstants.PARTITION_KEY, "partitionKey", attribute, null);
    }

    /**
     * The partition of a list through an index: a value, or a list of them if the index's partition key consists of
     * several attributes.
     */
    Object partition(Message message, List<KeyAttribute> attributes) {
        if (attributes.size() == 1) {
            return partition(message, attributes.get(0));
        }
        Object given = partitionKey != null ? partitionKey : message.getHeader(DynaStoreConstants.PARTITION_KEY);
        String place =
                partitionKey != null ? "The option partitionKey" : "The header " + DynaStoreConstants.PARTITION_KEY;
        if (given == null) {
            throw new InvalidInputException("No values for the key attributes " + KeyValues.names(attributes)
                    + ": name them in the URI (partitionKey=…,…) or in the header "
                    + DynaStoreConstants.PARTITION_KEY + ".");
        }
        List<Object> values = KeyValues.values(given, attributes, place);
        for (int i = 0; partitionKey == null && i < values.size(); i++) {
            notOwn(values.get(i), attributes.get(i), place);
        }
        return values;
    }

    /** A partition that the consumer is given: as many values as the partition key has attributes. */
    public List<Object> partition(Object value, List<KeyAttribute> attributes) {
        return KeyValues.values(value, attributes, "A key of the option partitionKeys");
    }

    /** A partition that the consumer is given. */
    public Object partition(Object value, KeyAttribute attribute) {
        return KeyConversion.convert(value, attribute, "A key of the option partitionKeys");
    }

    /** The keys of a batchGet. */
    List<Key> keys(Message message) {
        Object given = message.getHeader(DynaStoreConstants.KEYS);
        if (!(given instanceof Collection<?> values)) {
            throw new InvalidInputException(
                    "Operation batchGet reads its keys from the header " + DynaStoreConstants.KEYS
                            + ": set it to a collection of io.dynastore.store.Key, of Items, or of sort keys within"
                            + " the partition.");
        }
        List<Key> keys = new ArrayList<>(values.size());
        for (Object value : values) {
            Key named = value instanceof Item item ? item.key() : value instanceof Key key ? key : null;
            keys.add(named == null ? member(message, value) : complete(named));
        }
        return keys;
    }

    /** The key of an entry of a bulk operation: a Key, or a sort key within the partition. */
    Key entry(Message message, Object value) {
        if (value instanceof Key key) {
            return key(message, key.partitionKey(), key.sortKey());
        }
        return schema.sortKey() == null ? key(message, value, null) : key(message, null, value);
    }

    /** The key of one write of a transaction, whose parts the URI may name; so may a header the partition. */
    Key key(Message message, @Nullable Object partition, @Nullable Object sort) {
        Object givenPartition = partition != null ? partition : fixedPartition();
        if (givenPartition == null) {
            givenPartition = message.getHeader(DynaStoreConstants.PARTITION_KEY);
        }
        Object givenSort = sort != null ? sort : sortKey;
        if (givenPartition == null) {
            throw missing("partitionKey", schema.partitionKey());
        }
        if (givenSort == null && schema.sortKey() != null) {
            throw missing("sortKey", schema.sortKey());
        }
        if (givenSort != null && schema.sortKey() == null) {
            throw new InvalidInputException("It names a sort key, and the table has none: leave it out.");
        }
        return complete(
                KeyConversion.convert(givenPartition, schema.partitionKey(), "The partitionKey"),
                givenSort == null || schema.sortKey() == null
                        ? null
                        : KeyConversion.convert(givenSort, schema.sortKey(), "The sortKey"),
                "");
    }

    private @Nullable Object fixedPartition() {
        return partitionKey == null
                ? null
                : KeyConversion.convert(partitionKey, schema.partitionKey(), "The option partitionKey");
    }

    private static InvalidInputException missing(String name, KeyAttribute attribute) {
        return new InvalidInputException("No value for the key attribute '" + attribute.name() + "': name it as " + name
                + " of the write, or in the URI.");
    }

    private Key complete(Key key) {
        return complete(
                KeyConversion.convert(
                        key.partitionKey(), schema.partitionKey(), "A partition key in " + DynaStoreConstants.KEYS),
                key.sortKey() == null || schema.sortKey() == null
                        ? key.sortKey()
                        : KeyConversion.convert(
                                key.sortKey(), schema.sortKey(), "A sort key in " + DynaStoreConstants.KEYS),
                " in " + DynaStoreConstants.KEYS);
    }

    private Key complete(Object partition, @Nullable Object sort, String place) {
        Key complete = new Key(partition, sort);
        Object fixed = fixedPartition();
        if (fixed == null) {
            notOwn(partition, schema.partitionKey(), "The key " + complete + place);
        }
        if (!complete.equals(new Key(fixed == null ? partition : fixed, sortKey == null ? sort : sortKey))) {
            throw new InvalidInputException("The key " + complete + place
                    + " is not one that the URI allows: it names another partition or sort key.");
        }
        return complete;
    }

    private Key member(Message message, @Nullable Object value) {
        if (value == null) {
            throw new InvalidInputException("The header " + DynaStoreConstants.KEYS + " contains null: remove it.");
        }
        KeyAttribute sort = schema.sortKey();
        if (sort == null) {
            return complete(
                    Key.of(KeyConversion.convert(value, schema.partitionKey(), "A key in " + DynaStoreConstants.KEYS)));
        }
        Object partition = value(
                partitionKey, message, DynaStoreConstants.PARTITION_KEY, "partitionKey", schema.partitionKey(), null);
        return complete(
                new Key(partition, KeyConversion.convert(value, sort, "A sort key in " + DynaStoreConstants.KEYS)));
    }

    private Object value(
            @Nullable Object fixed,
            Message message,
            String header,
            String option,
            KeyAttribute attribute,
            @Nullable Object fallback) {
        if (fixed != null) {
            return KeyConversion.convert(fixed, attribute, "The option " + option);
        }
        Object given = message.getHeader(header);
        if (given != null) {
            String place = "The header " + header;
            return notOwn(KeyConversion.convert(given, attribute, place), attribute, place);
        }
        if (fallback == null) {
            throw new InvalidInputException("No value for the key attribute '" + attribute.name()
                    + "': name it in the URI (" + option + "=…) or in the header " + header + ".");
        }
        return notOwn(fallback, attribute, "The Item in the body");
    }

    /** A message must not reach the items that the component keeps for itself: positions, leaders, members. */
    private Object notOwn(Object value, KeyAttribute attribute, String place) {
        if (attribute.equals(schema.partitionKey())
                && value instanceof String text
                && text.startsWith(TableSchema.OWN_PARTITIONS)) {
            throw new InvalidInputException(place + " names the partition " + Key.shown(text)
                    + ". Partitions that start with " + TableSchema.OWN_PARTITIONS
                    + " are the component's own: use another key.");
        }
        return value;
    }
}
