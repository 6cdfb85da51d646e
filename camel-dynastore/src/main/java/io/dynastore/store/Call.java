/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of the store: the operation, the key, and every option, resolved. Immutable.
 *
 * <p>Options that an operation does not use are ignored by it. Values are those of {@link Builder}, where each is
 * described.
 */
public record Call(
        Operation operation,
        @Nullable Object partitionKey,
        @Nullable Object sortKey,
        List<Key> keys,
        @Nullable Object value,
        Map<String, @Nullable Object> fields,
        Expiry expiry,
        @Nullable Long expectedVersion,
        @Nullable Incarnation expectedIncarnation,
        boolean mustExist,
        boolean failIfMissing,
        boolean returnVersion,
        PayloadFormat payloadFormat,
        boolean consistentRead,
        boolean includeExpired,
        @Nullable String sortKeyPrefix,
        @Nullable Object sortKeyFrom,
        @Nullable Object sortKeyTo,
        boolean reverse,
        @Nullable Integer limit,
        @Nullable String nextToken,
        @Nullable String index,
        @Nullable String indexPartitionKeyName,
        @Nullable KeyType indexPartitionKeyType,
        @Nullable String indexSortKeyName,
        @Nullable KeyType indexSortKeyType,
        boolean fetch,
        boolean stream,
        @Nullable IdempotencyToken repeats,
        List<Write> writes,
        boolean exactlyOnce,
        @Nullable Segment segment,
        @Nullable Long fencingToken) {

    public Call {
        keys = List.copyOf(keys);
        writes = List.copyOf(writes);
        fields = fields.isEmpty() ? Collections.emptyMap() : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        expectedIncarnation = expectedVersion == null ? null : expectedIncarnation;
        if (expectedVersion != null && expectedVersion < 0) {
            throw new InvalidInputException(
                    "An expected version is 0 (an item without a version) or more, not " + expectedVersion + ".");
        }
        if (limit != null && limit < 1) {
            throw new InvalidInputException("A limit is 1 or more, not " + limit
                    + ": leave it out for one page of the service, or the whole of a stream.");
        }
        if (sortKeyPrefix != null && (sortKeyFrom != null || sortKeyTo != null)) {
            throw new InvalidInputException("A list has either a sort key prefix or a sort key range, not both.");
        }
        if (segment != null && partitionKey != null) {
            throw new InvalidInputException("A list reads one partition, or a segment of the whole table, not both.");
        }
    }

    /** Starts a call with every option at its default. */
    public static Builder of(Operation operation) {
        return new Builder(operation);
    }

    /**
     * The key of the one item that this call is about.
     *
     * @throws InvalidInputException if the partition key is missing; whether a sort key is needed is for the table to say
     */
    public Key key() {
        if (partitionKey == null) {
            throw new InvalidInputException("No partition key: give one for operation " + operation.text() + ".");
        }
        return new Key(partitionKey, sortKey);
    }

    /** Collects the options of a call. Not thread safe. */
    public static final class Builder {
        private Operation operation;
        private @Nullable Object partitionKey;
        private @Nullable Object sortKey;
        private List<Key> keys = List.of();
        private @Nullable Object value;
        private Map<String, @Nullable Object> fields = Map.of();
        private Expiry expiry = Expiry.KEEP;
        private @Nullable Long expectedVersion;
        private @Nullable Incarnation expectedIncarnation;
        private boolean mustExist = true;
        private boolean failIfMissing = true;
        private boolean returnVersion = true;
        private PayloadFormat payloadFormat = PayloadFormat.AUTO;
        private boolean consistentRead;
        private boolean includeExpired;
        private @Nullable String sortKeyPrefix;
        private @Nullable Object sortKeyFrom;
        private @Nullable Object sortKeyTo;
        private boolean reverse;
        private @Nullable Integer limit;
        private @Nullable String nextToken;
        private @Nullable String index;
        private @Nullable String indexPartitionKeyName;
        private @Nullable KeyType indexPartitionKeyType;
        private @Nullable String indexSortKeyName;
        private @Nullable KeyType indexSortKeyType;
        private boolean fetch;
        private boolean stream;
        private @Nullable IdempotencyToken repeats;
        private List<Write> writes = List.of();
        private boolean exactlyOnce;
        private @Nullable Segment segment;
        private @Nullable Long fencingToken;

        private Builder(Operation operation) {
            this.operation = operation;
        }

        /** A builder with the same options, for another operation; the two share nothing that changes. */
        public Builder copy(Operation newOperation) {
            Builder copy = new Builder(newOperation);
            copy.partitionKey = partitionKey;
            copy.sortKey = sortKey;
            copy.keys = keys;
            copy.value = value;
            copy.fields = fields;
            copy.expiry = expiry;
            copy.expectedVersion = expectedVersion;
            copy.expectedIncarnation = expectedIncarnation;
            copy.mustExist = mustExist;
            copy.failIfMissing = failIfMissing;
            copy.returnVersion = returnVersion;
            copy.payloadFormat = payloadFormat;
            copy.consistentRead = consistentRead;
            copy.includeExpired = includeExpired;
            copy.sortKeyPrefix = sortKeyPrefix;
            copy.sortKeyFrom = sortKeyFrom;
            copy.sortKeyTo = sortKeyTo;
            copy.reverse = reverse;
            copy.limit = limit;
            copy.nextToken = nextToken;
            copy.index = index;
            copy.indexPartitionKeyName = indexPartitionKeyName;
            copy.indexPartitionKeyType = indexPartitionKeyType;
            copy.indexSortKeyName = indexSortKeyName;
            copy.indexSortKeyType = indexSortKeyType;
            copy.fetch = fetch;
            copy.stream = stream;
            copy.repeats = repeats;
            copy.writes = writes;
            copy.exactlyOnce = exactlyOnce;
            copy.segment = segment;
            copy.fencingToken = fencingToken;
            return copy;
        }

        /** The key of the one item, or the partition of a list and its sort key left out. */
        public Builder key(Key key) {
            return partitionKey(key.partitionKey()).sortKey(key.sortKey());
        }

        /** The partition key: a String, Number or byte[], as the table (or the index) declares it. */
        public Builder partitionKey(@Nullable Object value) {
            this.partitionKey = value;
            return this;
        }

        /** The sort key: a String, Number or byte[], as the table declares it; null for a table without one. */
        public Builder sortKey(@Nullable Object value) {
            this.sortKey = value;
            return this;
        }

        /** The keys that {@code batchGet} asks for, any number; a key that stands there twice is asked once. */
        public Builder keys(Collection<Key> keys) {
            this.keys = new ArrayList<>(keys);
            return this;
        }

        /** The value that a write stores as payload; null is stored as NULL. */
        public Builder value(@Nullable Object value) {
            this.value = value;
            return this;
        }

        /** Extra fields that a write sets; a null removes the field. Fields that are not named stay as they are. */
        public Builder fields(Map<String, ? extends @Nullable Object> fields) {
            this.fields = new LinkedHashMap<>(fields);
            return this;
        }

        /** What a write does to the expiry. Default: {@link Expiry#KEEP}. */
        public Builder expiry(Expiry expiry) {
            this.expiry = expiry;
            return this;
        }

        /** The version that the item must have for a put, update or delete; 0: a live item without one; null: any. */
        public Builder expectedVersion(@Nullable Long version) {
            this.expectedVersion = version;
            return this;
        }

        /**
         * The incarnation that the item must be in, as it came with the expected version; null: any. Without an expected version it
         * says nothing.
         */
        public Builder expectedIncarnation(@Nullable Incarnation incarnation) {
            this.expectedIncarnation = incarnation;
            return this;
        }

        /** Whether a delete of an absent item is an error. Default: true. */
        public Builder mustExist(boolean mustExist) {
            this.mustExist = mustExist;
            return this;
        }

        /** Whether a get of an absent item is an error. Default: true. */
        public Builder failIfMissing(boolean failIfMissing) {
            this.failIfMissing = failIfMissing;
            return this;
        }

        /**
         * Whether a put or update without expected version tells the new version, for which the service sends the payload
         * back. Default: true.
         */
        public Builder returnVersion(boolean returnVersion) {
            this.returnVersion = returnVersion;
            return this;
        }

        /** The format of the payload in both directions. Default: {@link PayloadFormat#AUTO}. */
        public Builder payloadFormat(PayloadFormat format) {
            this.payloadFormat = format;
            return this;
        }

        /** The format as it is set so far. */
        public PayloadFormat payloadFormat() {
            return payloadFormat;
        }

        /** Whether a read sees every write that was acknowledged before it, at twice the capacity. Default: false. */
        public Builder consistentRead(boolean consistent) {
            this.consistentRead = consistent;
            return this;
        }

        /** Whether reads return expired items that the service has not yet removed. Default: false. */
        public Builder includeExpired(boolean include) {
            this.includeExpired = include;
            return this;
        }

        /** Only items whose sort key begins with this; not with a range, not for a number key. */
        public Builder sortKeyPrefix(@Nullable String prefix) {
            this.sortKeyPrefix = prefix;
            return this;
        }

        /** Only items whose sort key is this or behind it: a String, Number or byte[]. */
        public Builder sortKeyFrom(@Nullable Object from) {
            this.sortKeyFrom = from;
            return this;
        }

        /** Only items whose sort key is this or before it: a String, Number or byte[]. */
        public Builder sortKeyTo(@Nullable Object to) {
            this.sortKeyTo = to;
            return this;
        }

        /** Whether a list runs from the highest sort key to the lowest. Default: false. */
        public Builder reverse(boolean reverse) {
            this.reverse = reverse;
            return this;
        }

        /** The number of live items on a page, or of a whole stream, 1 or more; null: one page of the service (at most 1 MB), or all. */
        public Builder limit(@Nullable Integer limit) {
            this.limit = limit;
            return this;
        }

        /** The token that came with the page before; null: the first page. */
        public Builder nextToken(@Nullable String token) {
            this.nextToken = token;
            return this;
        }

        /** The index to list through; null: the table. */
        public Builder index(@Nullable String name) {
            this.index = name;
            return this;
        }

        /** The index's partition key attribute; null: that of the table, as for every local index. */
        public Builder indexPartitionKeyName(@Nullable String name) {
            this.indexPartitionKeyName = name;
            return this;
        }

        /** The type of the index's partition key; null: that of the table for its own attribute, else text. */
        public Builder indexPartitionKeyType(@Nullable KeyType type) {
            this.indexPartitionKeyType = type;
            return this;
        }

        /** The index's sort key attribute; needed for a prefix or range; null: none, or not declared. */
        public Builder indexSortKeyName(@Nullable String name) {
            this.indexSortKeyName = name;
            return this;
        }

        /** The type of the index's sort key; null: text. */
        public Builder indexSortKeyType(@Nullable KeyType type) {
            this.indexSortKeyType = type;
            return this;
        }

        /** Whether a list through an index reads the whole items by key afterwards. Default: false. */
        public Builder fetch(boolean fetch) {
            this.fetch = fetch;
            return this;
        }

        /** The write of unknown outcome that this one may repeat; null: none. */
        public Builder repeats(@Nullable IdempotencyToken attempt) {
            this.repeats = attempt;
            return this;
        }

        /** What {@code transact} does, 1 to 100 writes and checks, one for each key. */
        public Builder writes(Collection<Write> writes) {
            this.writes = new ArrayList<>(writes);
            return this;
        }

        /**
         * Whether a create, put, update or delete goes as a transaction of one write, which is not applied again when its response
         * is lost and the request repeated, whoever else wrote in between; at twice the capacity. Default: false.
         */
        public Builder exactlyOnce(boolean once) {
            this.exactlyOnce = once;
            return this;
        }

        /**
         * Reads a part of the whole table (or index) in place of one partition. There is no order between partitions, and so no
         * prefix, range or reverse; items that the component keeps for itself are left out. Null: a list reads a partition.
         */
        public Builder segment(@Nullable Segment part) {
            this.segment = part;
            return this;
        }

        /**
         * The token of the lock that protects what is written: a write is refused if one with a later token came before it, and the item
         * remembers it. Null: the write is not fenced, and what the item remembers stays. Writes without token are not refused.
         */
        public Builder fencingToken(@Nullable Long token) {
            this.fencingToken = token;
            return this;
        }

        /**
         * Whether a list returns an {@link ItemStream} over all its pages rather than one of them; the limit is that of all
         * pages together then. Default: false.
         */
        public Builder stream(boolean stream) {
            this.stream = stream;
            return this;
        }

        /**
         * The call.
         *
         * @throws InvalidInputException if options contradict each other or are out of bounds
         */
        public Call build() {
            return new Call(
                    operation,
                    partitionKey,
                    sortKey,
                    keys,
                    value,
                    fields,
                    expiry,
                    expectedVersion,
                    expectedIncarnation,
                    mustExist,
                    failIfMissing,
                    returnVersion,
                    payloadFormat,
                    consistentRead,
                    includeExpired,
                    sortKeyPrefix,
                    sortKeyFrom,
                    sortKeyTo,
                    reverse,
                    limit,
                    nextToken,
                    index,
                    indexPartitionKeyName,
                    indexPartitionKeyType,
                    indexSortKeyName,
                    indexSortKeyType,
                    fetch,
                    stream,
                    repeats,
                    writes,
                    exactlyOnce,
                    segment,
                    fencingToken);
        }
    }
}
