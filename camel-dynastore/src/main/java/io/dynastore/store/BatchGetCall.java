/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A read of many items by their keys. Immutable.
 *
 * @param keys any number; a key that occurs twice is requested once
 * @param payloadFormat the format of the payloads
 * @param consistentRead whether the reads see every write that was acknowledged before them, at twice the capacity
 * @param includeExpired whether expired items that the service has not yet removed are returned
 * @param fields the extra fields that are read
 */
public record BatchGetCall(
        List<Key> keys,
        PayloadFormat payloadFormat,
        boolean consistentRead,
        boolean includeExpired,
        FieldSelection fields)
        implements Call<Outcome.Batch> {

    public BatchGetCall {
        keys = List.copyOf(keys);
    }

    /** Starts a call without keys, with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Operation operation() {
        return Operation.BATCH_GET;
    }

    @Override
    public CompletableFuture<Outcome.Batch> executeBy(Operations operations) {
        return operations.batchGet(this);
    }

    /** Collects the options of a batchGet. Not thread safe. */
    public static final class Builder implements Call.Builder<Outcome.Batch> {
        private List<Key> keys = List.of();
        private PayloadFormat payloadFormat = PayloadFormat.AUTO;
        private boolean consistentRead;
        private boolean includeExpired;
        private FieldSelection fields = FieldSelection.ALL;

        private Builder() {}

        /** A builder with the same options. The two share nothing that changes. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.keys = keys;
            copy.payloadFormat = payloadFormat;
            copy.consistentRead = consistentRead;
            copy.includeExpired = includeExpired;
            copy.fields = fields;
            return copy;
        }

        /** The items, any number. A key that occurs twice is requested once. */
        public Builder keys(Collection<Key> keys) {
            this.keys = List.copyOf(keys);
            return this;
        }

        /** The format of the payloads. Default: {@link PayloadFormat#AUTO}. */
        public Builder payloadFormat(PayloadFormat format) {
            this.payloadFormat = format;
            return this;
        }

        /**
         * Whether the reads see every write that was acknowledged before them, at twice the capacity. Default: false.
         */
        public Builder consistentRead(boolean consistent) {
            this.consistentRead = consistent;
            return this;
        }

        /** Whether expired items that the service has not yet removed are returned. Default: false. */
        public Builder includeExpired(boolean include) {
            this.includeExpired = include;
            return this;
        }

        /** The extra fields that are read. Default: {@link FieldSelection#ALL}. */
        public Builder fields(FieldSelection fields) {
            this.fields = fields;
            return this;
        }

        @Override
        public BatchGetCall build() {
            return new BatchGetCall(keys, payloadFormat, consistentRead, includeExpired, fields);
        }
    }
}
