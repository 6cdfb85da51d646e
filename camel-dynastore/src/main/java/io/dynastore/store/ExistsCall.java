/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one item without transferring its payload. Immutable.
 *
 * @param key the item
 * @param consistentRead whether the read sees every write that was acknowledged before it, at twice the capacity
 * @param includeExpired whether an expired item that the service has not yet removed counts
 */
public record ExistsCall(Key key, boolean consistentRead, boolean includeExpired) implements Call<Outcome.Existence> {

    /** Starts a call without key, with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Operation operation() {
        return Operation.EXISTS;
    }

    @Override
    public CompletableFuture<Outcome.Existence> executeBy(Operations operations) {
        return operations.exists(this);
    }

    /** Collects the options of an exists. Not thread safe. */
    public static final class Builder implements Call.Builder<Outcome.Existence> {
        private @Nullable Key key;
        private boolean consistentRead;
        private boolean includeExpired;

        private Builder() {}

        /** A builder with the same options. The two share nothing that changes. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.key = key;
            copy.consistentRead = consistentRead;
            copy.includeExpired = includeExpired;
            return copy;
        }

        /** The item. */
        public Builder key(Key key) {
            this.key = key;
            return this;
        }

        /** Whether the read sees every write that was acknowledged before it, at twice the capacity. Default: false. */
        public Builder consistentRead(boolean consistent) {
            this.consistentRead = consistent;
            return this;
        }

        /** Whether an expired item that the service has not yet removed counts. Default: false. */
        public Builder includeExpired(boolean include) {
            this.includeExpired = include;
            return this;
        }

        @Override
        public ExistsCall build() {
            return new ExistsCall(Operation.EXISTS.required(key), consistentRead, includeExpired);
        }
    }
}
