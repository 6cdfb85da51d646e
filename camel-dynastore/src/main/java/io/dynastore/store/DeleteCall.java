/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A delete of one item. Immutable.
 *
 * @param key the item
 * @param mustExist whether it is an error that there is no live item
 * @param includeExpired whether an expired item that the service has not yet removed is deleted as a live one is
 * @param expectedVersion see {@link ConditionalCall#expectedVersion}
 * @param expectedIncarnation see {@link ConditionalCall#expectedIncarnation}
 * @param fencingToken see {@link ConditionalCall#fencingToken}
 * @param exactlyOnce see {@link ConditionalCall#exactlyOnce}
 * @param idempotencyToken see {@link ConditionalCall#idempotencyToken}
 */
public record DeleteCall(
        Key key,
        boolean mustExist,
        boolean includeExpired,
        @Nullable Long expectedVersion,
        @Nullable Incarnation expectedIncarnation,
        @Nullable Long fencingToken,
        boolean exactlyOnce,
        @Nullable IdempotencyToken idempotencyToken)
        implements ConditionalCall<Outcome.Deleted> {

    public DeleteCall {
        expectedIncarnation = expectedVersion == null ? null : expectedIncarnation;
        WriteCall.checkExpected(expectedVersion);
    }

    /** Starts a call without key, with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Operation operation() {
        return Operation.DELETE;
    }

    @Override
    public CompletableFuture<Outcome.Deleted> executeBy(Operations operations) {
        return operations.delete(this);
    }

    /** Collects the options of a delete. Not thread safe. */
    public static final class Builder implements ConditionalCall.Builder<Outcome.Deleted> {
        private @Nullable Key key;
        private boolean mustExist = true;
        private boolean includeExpired;
        private @Nullable Long expectedVersion;
        private @Nullable Incarnation expectedIncarnation;
        private @Nullable Long fencingToken;
        private boolean exactlyOnce;
        private @Nullable IdempotencyToken idempotencyToken;

        private Builder() {}

        /** A builder with the same options. The two share nothing that changes. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.key = key;
            copy.mustExist = mustExist;
            copy.includeExpired = includeExpired;
            copy.expectedVersion = expectedVersion;
            copy.expectedIncarnation = expectedIncarnation;
            copy.fencingToken = fencingToken;
            copy.exactlyOnce = exactlyOnce;
            copy.idempotencyToken = idempotencyToken;
            return copy;
        }

        @Override
        public Builder key(Key key) {
            this.key = key;
            return this;
        }

        /** Whether it is an error that there is no live item. Default: true. */
        public Builder mustExist(boolean mustExist) {
            this.mustExist = mustExist;
            return this;
        }

        /**
         * Whether an expired item that the service has not yet removed is deleted as a live one is. Default: false, so
         * that an expired item counts as absent and stays.
         */
        public Builder includeExpired(boolean include) {
            this.includeExpired = include;
            return this;
        }

        @Override
        public Builder expectedVersion(@Nullable Long version) {
            this.expectedVersion = version;
            return this;
        }

        @Override
        public Builder expectedIncarnation(@Nullable Incarnation incarnation) {
            this.expectedIncarnation = incarnation;
            return this;
        }

        @Override
        public Builder fencingToken(@Nullable Long token) {
            this.fencingToken = token;
            return this;
        }

        @Override
        public Builder exactlyOnce(boolean once) {
            this.exactlyOnce = once;
            return this;
        }

        @Override
        public Builder idempotencyToken(@Nullable IdempotencyToken token) {
            this.idempotencyToken = token;
            return this;
        }

        @Override
        public DeleteCall build() {
            return new DeleteCall(
                    Operation.DELETE.required(key),
                    mustExist,
                    includeExpired,
                    expectedVersion,
                    expectedIncarnation,
                    fencingToken,
                    exactlyOnce,
                    idempotencyToken);
        }
    }
}
