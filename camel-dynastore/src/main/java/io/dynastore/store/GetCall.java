/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A read of one item. Immutable.
 *
 * @param key the item
 * @param failIfMissing whether it is an error that there is no live item
 * @param payloadFormat the format of the payload
 * @param consistentRead whether the read sees every write that was acknowledged before it, at twice the capacity
 * @param includeExpired whether an expired item that the service has not yet removed is returned
 * @param fields the extra fields that are read
 */
public record GetCall(
        Key key,
        boolean failIfMissing,
        PayloadFormat payloadFormat,
        boolean consistentRead,
        boolean includeExpired,
        FieldSelection fields)
        implements Call<Outcome.Read> {

    /** Starts a call without key, with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Operation operation() {
        return Operation.GET;
    }

    @Override
    public CompletableFuture<Outcome.Read> executeBy(Operations operations) {
        return operations.get(this);
    }

    /** Collects the options of a get. Not thread safe. */
    public static final class Builder implements Call.Builder<Outcome.Read> {
        private @Nullable Key key;
        private boolean failIfMissing = true;
        private PayloadFormat payloadFormat = PayloadFormat.AUTO;
        private boolean consistentRead;
        private boolean includeExpired;
        private FieldSelection fields = FieldSelection.ALL;

        private Builder() {}

        /** A builder with the same options. The two share nothing that changes. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.key = key;
            copy.failIfMissing = failIfMissing;
            copy.payloadFormat = payloadFormat;
            copy.consistentRead = consistentRead;
            copy.includeExpired = includeExpired;
            copy.fields = fields;
            return copy;
        }

        /** The item. */
        public Builder key(Key key) {
            this.key = key;
            return this;
        }

        /** Whether it is an error that there is no live item. Default: true. */
        public Builder failIfMissing(boolean failIfMissing) {
            this.failIfMissing = failIfMissing;
            return this;
        }

        /** The format of the payload. Default: {@link PayloadFormat#AUTO}. */
        public Builder payloadFormat(PayloadFormat format) {
            this.payloadFormat = format;
            return this;
        }

        /** Whether the read sees every write that was acknowledged before it, at twice the capacity. Default: false. */
        public Builder consistentRead(boolean consistent) {
            this.consistentRead = consistent;
            return this;
        }

        /** Whether an expired item that the service has not yet removed is returned. Default: false. */
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
        public GetCall build() {
            return new GetCall(
                    Operation.GET.required(key), failIfMissing, payloadFormat, consistentRead, includeExpired, fields);
        }
    }
}
