/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.FieldSelection;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.TableSchema;
import io.dynastore.store.UnreadableItemException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item as the service returned it.
 *
 * @param table its table
 * @param key its key
 * @param attributes all or part of its attributes, as returned
 */
public record StoredItem(TableContext table, Key key, Map<String, AttributeValue> attributes) {

    /** Epoch seconds. The service's own TTL also ignores what is not a number; no instant is later than this. */
    private static final BigDecimal LATEST = BigDecimal.valueOf(Instant.MAX.getEpochSecond());

    private static final BigDecimal GREATEST_VERSION = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final BigDecimal EARLIEST = BigDecimal.valueOf(Instant.MIN.getEpochSecond());

    /**
     * An item that was read. Its attributes include its key.
     *
     * @throws DynaStoreException if the key is not of the declared type
     */
    public static StoredItem of(TableContext table, Map<String, AttributeValue> attributes) {
        Key key = table.schema().key(attribute -> Attributes.part(attributes, attribute));
        if (key == null) {
            throw new DynaStoreException("Table " + table.name()
                    + ": an item's key is not of the declared type."
                    + " Correct partitionKeyName, partitionKeyType, sortKeyName and sortKeyType.");
        }
        return new StoredItem(table, key, attributes);
    }

    /** Whether this is a lock item, which ordinary writes never change. */
    public boolean lock() {
        return attributes.containsKey(LockAttributes.LOCK);
    }

    /** The owner that holds this lock; null if it is free. */
    public @Nullable String owner() {
        AttributeValue owner = attributes.get(LockAttributes.OWNER);
        return owner == null ? null : owner.s();
    }

    /** The token of the latest fenced write; 0 if there was none. */
    long fence() {
        AttributeValue fence = attributes.get(LockAttributes.FENCE);
        return fence == null || fence.n() == null ? 0 : truncated(fence.n());
    }

    /** Whether a write with a higher token was applied before one with this token; never if the token is null. */
    boolean fencedOff(@Nullable Long token) {
        return token != null && attributes.containsKey(LockAttributes.FENCE) && token < fence();
    }

    /**
     * The version; 0 for an item without one.
     *
     * @throws UnreadableItemException if it is not a whole number
     */
    public long version() {
        String version = Attributes.number(attributes, schema().version());
        if (version == null && !attributes.containsKey(schema().version())) {
            return 0;
        }
        try {
            return exact(version == null ? "" : version);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new UnreadableItemException(
                    table.name(),
                    key,
                    false,
                    "the attribute '" + schema().version()
                            + "' is not a whole number. Correct the item, or give the version another name by"
                            + " versionName.");
        }
    }

    /** The version, if it has no successor that can be read: it is {@link Long#MAX_VALUE}, or greater. */
    Optional<String> greatestVersion() {
        return Optional.ofNullable(attributes.get(schema().version()))
                .map(AttributeValue::n)
                .filter(version -> new BigDecimal(version).compareTo(GREATEST_VERSION) >= 0);
    }

    private static long exact(String number) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            // For example 7.0 or 7E0, which other programs may write.
            return new BigDecimal(number).longValueExact();
        }
    }

    /** A number that only the component writes. It is whole unless another program changed it. */
    static long truncated(String number) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            return new BigDecimal(number).longValue();
        }
    }

    /** The incarnation that the item is in. */
    public Incarnation incarnation() {
        return new Incarnation(HistoryAttributes.creator(attributes));
    }

    /** The expiry, in whole seconds; null if there is none, or the stored value is not an instant. */
    public @Nullable Instant expires() {
        BigDecimal seconds = expirySeconds();
        return seconds == null || seconds.compareTo(LATEST) > 0 || seconds.compareTo(EARLIEST) < 0
                ? null
                : Instant.ofEpochSecond(seconds.setScale(0, RoundingMode.FLOOR).longValueExact());
    }

    /** Whether the current epoch second is greater than the expiry. */
    public boolean expired() {
        BigDecimal seconds = expirySeconds();
        return seconds != null
                && BigDecimal.valueOf(table.clock().instant().getEpochSecond()).compareTo(seconds) > 0;
    }

    /**
     * The item in Java types.
     *
     * @param selected the fields that it has; of a flat item, the attributes that its payload has
     * @throws UnreadableItemException if its version, its payload or one of these fields can't be read
     */
    public Item item(PayloadFormat format, FieldSelection selected) {
        long version = version();
        try {
            return new Item(
                    key,
                    payload(format, selected),
                    version,
                    expires(),
                    schema().flat() ? Collections.emptyMap() : fields(selected));
        } catch (DynaStoreException e) {
            throw new UnreadableItemException(table.name(), key, true, String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // Thrown by a class of the application. Its message may quote the payload.
            throw new UnreadableItemException(
                    table.name(),
                    key,
                    true,
                    "the item can't be read: " + e.getClass().getName() + ". Correct the item, or the payloadType.");
        }
    }

    /**
     * What can be read of an item that {@link #item} can't read: its key, its expiry and, if it is known, its version.
     *
     * @param versionKnown whether the version can be read; if not, it is 0 here
     */
    public Item unreadable(boolean versionKnown) {
        return new Item(key, null, versionKnown ? version() : 0, expires(), Map.of());
    }

    private @Nullable Object payload(PayloadFormat format, FieldSelection selected) {
        if (!schema().flat()) {
            return Attributes.payload(attributes, schema().payload(), table.codec(), format);
        }
        Map<String, AttributeValue> stored = schema().fieldsOf(attributes);
        if (selected.all()) {
            return table.codec().decode(AttributeValue.fromM(stored), format);
        }
        Map<String, AttributeValue> document = new LinkedHashMap<>(stored);
        document.keySet().removeIf(name -> !selected.includes(name));
        return table.codec().decode(AttributeValue.fromM(document), format);
    }

    private Map<String, @Nullable Object> fields(FieldSelection selected) {
        // Most items have no fields, and need no map.
        Map<String, @Nullable Object> fields = Collections.emptyMap();
        for (String name : Attributes.fields(attributes, schema())) {
            if (selected.includes(name)) {
                fields = fields.isEmpty() ? new LinkedHashMap<>() : fields;
                fields.put(name, Attributes.field(attributes, name, table.codec()));
            }
        }
        return fields;
    }

    private @Nullable BigDecimal expirySeconds() {
        String expires = Attributes.number(attributes, schema().expires());
        return expires == null ? null : new BigDecimal(expires);
    }

    private TableSchema schema() {
        return table.schema();
    }
}
