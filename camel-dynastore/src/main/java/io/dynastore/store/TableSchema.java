/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The layout of a table: its key attributes, and the names of its version, expiry and payload attributes. Immutable.
 *
 * @param table the table's name or ARN
 * @param partitionKey the partition key attribute
 * @param sortKey the sort key attribute; null for a table without one
 * @param version the name of the version attribute, a number
 * @param expires the name of the expiry attribute, a number of epoch seconds
 * @param payload the name of the payload attribute
 * @param flat whether items are flat: the payload of each is a document of all its attributes, except for the keys,
 *     the version, the expiry and those that the component keeps for itself. There is no payload attribute then, and no
 *     extra field when items are read
 */
public record TableSchema(
        String table,
        KeyAttribute partitionKey,
        @Nullable KeyAttribute sortKey,
        String version,
        String expires,
        String payload,
        boolean flat) {

    /** The component reserves attributes with this prefix. They are not among an item's fields. */
    static final String OWN_PREFIX = "_ds";

    /** The component reserves partitions with this prefix for its own items. */
    public static final String OWN_PARTITIONS = "_ds/";

    /**
     * Checks the names.
     *
     * @throws InvalidInputException if a name is empty, or used for two attributes
     */
    public TableSchema {
        List<String> names = new ArrayList<>(List.of(partitionKey.name(), version, expires));
        if (!flat) {
            names.add(payload);
        }
        if (sortKey != null) {
            names.add(sortKey.name());
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name.isEmpty()) {
                throw new InvalidInputException("Table " + table + ": an attribute's name is empty. Give it a name.");
            }
            if (!seen.add(name)) {
                throw new InvalidInputException("Table " + table + ": the attribute name '" + name
                        + "' is used twice. Use different names for partition key, sort key, version, expires and"
                        + " payload.");
            }
        }
    }

    /** A layout with a payload attribute. */
    public TableSchema(
            String table,
            KeyAttribute partitionKey,
            @Nullable KeyAttribute sortKey,
            String version,
            String expires,
            String payload) {
        this(table, partitionKey, sortKey, version, expires, payload, false);
    }

    /** The same table with flat items, or with a payload attribute. */
    public TableSchema withFlatItems(boolean flatItems) {
        return flatItems == flat
                ? this
                : new TableSchema(table, partitionKey, sortKey, version, expires, payload, flatItems);
    }

    /** The default layout of the Go library dynastorev2: id and name (both text), version, expires, payload. */
    public static TableSchema named(String table) {
        return new TableSchema(
                table,
                new KeyAttribute("id", KeyType.STRING),
                new KeyAttribute("name", KeyType.STRING),
                "version",
                "expires",
                "payload");
    }

    /** Whether this name is reserved, so that no extra field may have it. */
    public boolean reserves(String name) {
        return keeps(name) || name.startsWith(OWN_PREFIX);
    }

    private boolean keeps(String name) {
        return name.equals(partitionKey.name())
                || (sortKey != null && name.equals(sortKey.name()))
                || name.equals(version)
                || name.equals(expires)
                || (!flat && name.equals(payload));
    }

    /**
     * The key attributes of a request.
     *
     * @throws InvalidInputException if a part is missing, superfluous, empty, too long or not of the declared type
     */
    public Map<String, AttributeValue> encode(Key key) {
        try {
            Map<String, AttributeValue> encoded = new HashMap<>(4);
            encoded.put(
                    partitionKey.name(), partitionKey.encode(key.partitionKey(), KeyAttribute.LONGEST_PARTITION_KEY));
            if (sortKey != null) {
                encoded.put(sortKey.name(), sortKey.encode(key.sortKey(), KeyAttribute.LONGEST_SORT_KEY));
            } else if (key.sortKey() != null) {
                throw new InvalidInputException("The table has no sort key: leave it out of the key.");
            }
            return encoded;
        } catch (InvalidInputException e) {
            throw e.at("Table " + table + ", key " + key);
        }
    }

    /** The key of an item that was read; null if its attributes contain no key of this table. */
    public @Nullable Key decodeKey(Map<String, AttributeValue> attributes) {
        return key(attribute -> attribute.decode(attributes.get(attribute.name())));
    }

    /** The key that has these values; null if one is missing, for which the function returns null. */
    public @Nullable Key key(Function<KeyAttribute, @Nullable Object> values) {
        Object partition = values.apply(partitionKey);
        Object sort = sortKey == null ? null : values.apply(sortKey);
        return partition == null || (sortKey != null && sort == null) ? null : new Key(partition, sort);
    }

    /** The attributes that are not reserved, in the given order. */
    public Map<String, AttributeValue> fieldsOf(Map<String, AttributeValue> attributes) {
        // Most items have no fields, and need no map.
        Map<String, AttributeValue> fields = Collections.emptyMap();
        for (Map.Entry<String, AttributeValue> attribute : attributes.entrySet()) {
            if (!reserves(attribute.getKey())) {
                fields = fields.isEmpty() ? new LinkedHashMap<>() : fields;
                fields.put(attribute.getKey(), attribute.getValue());
            }
        }
        return fields;
    }
}
