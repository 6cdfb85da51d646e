/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A list of one partition in sort-key order, or of a segment of the whole table or index: one page of it. Immutable.
 *
 * @param partitionKey the partition; a list if its key consists of several attributes; null where a segment is read
 * @param segment the part of the whole; null where a partition is read
 * @param options what is returned of it
 */
public record ListCall(
        @Nullable Object partitionKey, @Nullable Segment segment, ListOptions options) implements Call<Outcome.Page> {

    public ListCall {
        partitionKey = ListOptions.copied(partitionKey);
        if (segment != null && partitionKey != null) {
            throw new InvalidInputException("A list reads one partition, or a segment of the whole table, not both.");
        }
    }

    /** Starts a call without partition or segment, with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Operation operation() {
        return Operation.LIST;
    }

    @Override
    public CompletableFuture<Outcome.Page> executeBy(Operations operations) {
        return operations.list(this);
    }

    /** Collects the options of a list. Not thread safe. */
    public static final class Builder implements Call.Builder<Outcome.Page> {
        private @Nullable Object partitionKey;
        private @Nullable Segment segment;
        private @Nullable Object sortKeyPrefix;
        private @Nullable Object sortKeyFrom;
        private @Nullable Object sortKeyTo;
        private boolean reverse;
        private @Nullable Integer limit;
        private @Nullable String nextToken;
        private @Nullable String index;
        private List<String> indexPartitionKeyNames = List.of();
        private List<KeyType> indexPartitionKeyTypes = List.of();
        private List<String> indexSortKeyNames = List.of();
        private List<KeyType> indexSortKeyTypes = List.of();
        private boolean fetch;
        private PayloadFormat payloadFormat = PayloadFormat.AUTO;
        private boolean consistentRead;
        private boolean includeExpired;
        private boolean keepUnreadable;
        private FieldSelection fields = FieldSelection.ALL;
        private FieldFilter filter = FieldFilter.NONE;

        private Builder() {}

        /** A builder with the same options. The two share nothing that changes. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.partitionKey = partitionKey;
            copy.segment = segment;
            copy.sortKeyPrefix = sortKeyPrefix;
            copy.sortKeyFrom = sortKeyFrom;
            copy.sortKeyTo = sortKeyTo;
            copy.reverse = reverse;
            copy.limit = limit;
            copy.nextToken = nextToken;
            copy.index = index;
            copy.indexPartitionKeyNames = indexPartitionKeyNames;
            copy.indexPartitionKeyTypes = indexPartitionKeyTypes;
            copy.indexSortKeyNames = indexSortKeyNames;
            copy.indexSortKeyTypes = indexSortKeyTypes;
            copy.fetch = fetch;
            copy.payloadFormat = payloadFormat;
            copy.consistentRead = consistentRead;
            copy.includeExpired = includeExpired;
            copy.keepUnreadable = keepUnreadable;
            copy.fields = fields;
            copy.filter = filter;
            return copy;
        }

        /**
         * The partition: a String, Number or byte[], as the table (or the index) declares its key. A List of these if
         * the index's partition key consists of several attributes, one for each, in their order.
         */
        public Builder partitionKey(@Nullable Object value) {
            this.partitionKey = value;
            return this;
        }

        /**
         * A part of the whole table (or index), in place of one partition. There is no order between partitions, and so
         * no prefix, range or reverse. Items that the component keeps for itself are left out.
         */
        public Builder segment(@Nullable Segment part) {
            this.segment = part;
            return this;
        }

        /**
         * Only items whose sort key begins with this; not with a range, not for a number key. A String. Or a List if
         * the index's sort key consists of several attributes: the last value is the prefix of its attribute, those
         * before it are the values of theirs.
         */
        public Builder sortKeyPrefix(@Nullable Object prefix) {
            this.sortKeyPrefix = prefix;
            return this;
        }

        /**
         * Only items whose sort key is this or behind it: a String, Number or byte[]. Or a List if the index's sort key
         * consists of several attributes: the last value is the bound of its attribute, those before it are the values
         * of theirs, and the same in the other bound.
         */
        public Builder sortKeyFrom(@Nullable Object from) {
            this.sortKeyFrom = from;
            return this;
        }

        /** Only items whose sort key is this or before it: as {@link #sortKeyFrom}. */
        public Builder sortKeyTo(@Nullable Object to) {
            this.sortKeyTo = to;
            return this;
        }

        /** Whether the list runs from the highest sort key to the lowest. Default: false. */
        public Builder reverse(boolean reverse) {
            this.reverse = reverse;
            return this;
        }

        /**
         * The number of live items on a page, or of a whole stream, 1 or more. Null, the default: one page of the
         * service (at most 1 MB), or the whole of a stream.
         */
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
            return indexPartitionKeyNames(name == null ? List.of() : List.of(name));
        }

        /** The index's partition key attributes, in their order; empty: that of the table. */
        public Builder indexPartitionKeyNames(List<String> names) {
            this.indexPartitionKeyNames = List.copyOf(names);
            return this;
        }

        /** The type of the index's partition key; null: that of the table for its own attribute, else text. */
        public Builder indexPartitionKeyType(@Nullable KeyType type) {
            return indexPartitionKeyTypes(type == null ? List.of() : List.of(type));
        }

        /** The types of the index's partition key attributes, one for each; empty: as for one without a type. */
        public Builder indexPartitionKeyTypes(List<KeyType> types) {
            this.indexPartitionKeyTypes = List.copyOf(types);
            return this;
        }

        /** The index's sort key attribute; needed for a prefix or range; null: none, or not declared. */
        public Builder indexSortKeyName(@Nullable String name) {
            return indexSortKeyNames(name == null ? List.of() : List.of(name));
        }

        /** All of the index's sort key attributes, in their order; empty: none, or not declared. */
        public Builder indexSortKeyNames(List<String> names) {
            this.indexSortKeyNames = List.copyOf(names);
            return this;
        }

        /** The type of the index's sort key; null: as for the partition key. */
        public Builder indexSortKeyType(@Nullable KeyType type) {
            return indexSortKeyTypes(type == null ? List.of() : List.of(type));
        }

        /** The types of the index's sort key attributes, one for each; empty: as for one without a type. */
        public Builder indexSortKeyTypes(List<KeyType> types) {
            this.indexSortKeyTypes = List.copyOf(types);
            return this;
        }

        /** Whether a list through an index reads the whole items by key afterwards. Default: false. */
        public Builder fetch(boolean fetch) {
            this.fetch = fetch;
            return this;
        }

        /** The format of the payloads. Default: {@link PayloadFormat#AUTO}. */
        public Builder payloadFormat(PayloadFormat format) {
            this.payloadFormat = format;
            return this;
        }

        /** Whether the list sees every write that was acknowledged before it, at twice the capacity. Default: false. */
        public Builder consistentRead(boolean consistent) {
            this.consistentRead = consistent;
            return this;
        }

        /** Whether expired items that the service has not yet removed are returned. Default: false. */
        public Builder includeExpired(boolean include) {
            this.includeExpired = include;
            return this;
        }

        /**
         * Whether a page {@linkplain Outcome.Page#unreadable names} the items that can't be read, rather than failing
         * because of the first of them. A stream always fails at such an item. Default: false.
         */
        public Builder keepUnreadable(boolean keep) {
            this.keepUnreadable = keep;
            return this;
        }

        /** The extra fields that the items have. Default: {@link FieldSelection#ALL}. */
        public Builder fields(FieldSelection fields) {
            this.fields = fields;
            return this;
        }

        /**
         * Only items for which this holds. DynamoDB examines the other ones, and charges for them; a page is topped up
         * for them as for expired items. With {@link #fetch} the items are filtered after they were read by key.
         * Default: {@link FieldFilter#NONE}.
         */
        public Builder filter(FieldFilter filter) {
            this.filter = filter;
            return this;
        }

        @Override
        public ListCall build() {
            return new ListCall(
                    partitionKey,
                    segment,
                    new ListOptions(
                            sortKeyPrefix,
                            sortKeyFrom,
                            sortKeyTo,
                            reverse,
                            limit,
                            nextToken,
                            index,
                            indexPartitionKeyNames,
                            indexPartitionKeyTypes,
                            indexSortKeyNames,
                            indexSortKeyTypes,
                            fetch,
                            payloadFormat,
                            consistentRead,
                            includeExpired,
                            keepUnreadable,
                            fields,
                            filter));
        }
    }
}
