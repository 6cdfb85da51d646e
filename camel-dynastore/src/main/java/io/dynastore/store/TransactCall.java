/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of writes and checks. Immutable.
 *
 * @param writes 1 to 100 writes and checks, one for each key
 * @param expiry what happens to the expiry of items whose write leaves it open
 * @param due from when items may be claimed whose write leaves it open
 * @param claimIndex the index of the work queue that stored items belong to; null: they get no entry
 * @param payloadMode what happens to the stored payload of items whose write leaves it open
 * @param payloadFormat the format of the payloads
 * @param fencingToken the token of the lock that protects what is written; null: the writes are not fenced
 * @param idempotencyToken the transaction of unknown outcome that this one may repeat; null: none
 */
public record TransactCall(
        List<Write> writes,
        Expiry expiry,
        Due due,
        @Nullable ClaimIndex claimIndex,
        PayloadMode payloadMode,
        PayloadFormat payloadFormat,
        @Nullable Long fencingToken,
        @Nullable IdempotencyToken idempotencyToken)
        implements Call<Outcome.Transacted> {

    public TransactCall {
        writes = List.copyOf(writes);
    }

    /** Starts a call without writes, with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Operation operation() {
        return Operation.TRANSACT;
    }

    @Override
    public CompletableFuture<Outcome.Transacted> executeBy(Operations operations) {
        return operations.transact(this);
    }

    /** Collects the options of a transaction. Not thread safe. */
    public static final class Builder implements Call.Builder<Outcome.Transacted> {
        private List<Write> writes = List.of();
        private Expiry expiry = Expiry.KEEP;
        private Due due = Due.KEEP;
        private @Nullable ClaimIndex claimIndex;
        private PayloadMode payloadMode = PayloadMode.REPLACE;
        private PayloadFormat payloadFormat = PayloadFormat.AUTO;
        private @Nullable Long fencingToken;
        private @Nullable IdempotencyToken idempotencyToken;

        private Builder() {}

        /** A builder with the same options. The two share nothing that changes. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.writes = writes;
            copy.expiry = expiry;
            copy.due = due;
            copy.claimIndex = claimIndex;
            copy.payloadMode = payloadMode;
            copy.payloadFormat = payloadFormat;
            copy.fencingToken = fencingToken;
            copy.idempotencyToken = idempotencyToken;
            return copy;
        }

        /** 1 to 100 writes and checks, one for each key. */
        public Builder writes(Collection<Write> writes) {
            this.writes = List.copyOf(writes);
            return this;
        }

        /** What happens to the expiry of items whose write leaves it open. Default: {@link Expiry#KEEP}. */
        public Builder expiry(Expiry expiry) {
            this.expiry = expiry;
            return this;
        }

        /** From when items may be claimed whose write leaves it open. Default: {@link Due#KEEP}. */
        public Builder due(Due due) {
            this.due = due;
            return this;
        }

        /** The index of the work queue that stored items belong to. Default: they get no entry. */
        public Builder claimIndex(@Nullable ClaimIndex index) {
            this.claimIndex = index;
            return this;
        }

        /** What happens to the stored payload of items whose write leaves it open. Default: it is replaced. */
        public Builder payloadMode(PayloadMode mode) {
            this.payloadMode = mode;
            return this;
        }

        /** The mode as it is set so far. */
        public PayloadMode payloadMode() {
            return payloadMode;
        }

        /** The format of the payloads. Default: {@link PayloadFormat#AUTO}. */
        public Builder payloadFormat(PayloadFormat format) {
            this.payloadFormat = format;
            return this;
        }

        /** The format as it is set so far. */
        public PayloadFormat payloadFormat() {
            return payloadFormat;
        }

        /**
         * The token of the lock that protects what is written, as for {@link ConditionalCall#fencingToken}. Default:
         * not fenced.
         */
        public Builder fencingToken(@Nullable Long token) {
            this.fencingToken = token;
            return this;
        }

        /** The transaction of unknown outcome that this one may repeat. Default: none. */
        public Builder idempotencyToken(@Nullable IdempotencyToken token) {
            this.idempotencyToken = token;
            return this;
        }

        @Override
        public TransactCall build() {
            return new TransactCall(
                    writes, expiry, due, claimIndex, payloadMode, payloadFormat, fencingToken, idempotencyToken);
        }
    }
}
