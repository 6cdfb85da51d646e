/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Any number of writes of one kind, each with its own condition and its own outcome. They are sent side by side. Two
 * writes of one key are sent one after the other, in their order. A call can be executed once.
 *
 * @param operation {@link Operation#PUT_ALL}, {@link Operation#CREATE_ALL} or {@link Operation#DELETE_ALL}
 * @param entries what to write. An entry is taken when it can be sent, so that memory does not grow with their number
 * @param reader makes a write of an entry. If it throws an {@link InvalidInputException}, that is the entry's outcome
 * @param executor on which entries are taken and read, one at a time; never one of the client's threads
 * @param options how they are written
 */
public record BulkCall(
        Operation operation, Iterator<?> entries, Function<Object, Write> reader, Executor executor, Options options)
        implements Call<Outcome.Bulk> {

    /** The most writes in flight, unless the call says otherwise. */
    public static final int CONCURRENT_WRITES = 32;

    /** The most failed writes, unless the call says otherwise. */
    public static final int MAX_FAILURES = 1000;

    /**
     * How the entries are written.
     *
     * @param expiry what happens to the expiry of items whose write leaves it open
     * @param due from when items may be claimed whose write leaves it open
     * @param claimIndex the index of the work queue that stored items belong to; null: they get no entry
     * @param payloadMode what happens to the stored payload of items whose write leaves it open
     * @param payloadFormat the format of the payloads
     * @param fencingToken the token of the lock that protects what is written; null: the writes are not fenced
     * @param exactlyOnce whether each write is sent as a transaction of one write, at twice the capacity
     * @param mustExist whether it is an error if a delete finds no live item
     * @param concurrentWrites the most writes in flight, 1 or more
     * @param maxFailures ends the call early after this many failed writes, 1 or more
     */
    public record Options(
            Expiry expiry,
            Due due,
            @Nullable ClaimIndex claimIndex,
            PayloadMode payloadMode,
            PayloadFormat payloadFormat,
            @Nullable Long fencingToken,
            boolean exactlyOnce,
            boolean mustExist,
            int concurrentWrites,
            int maxFailures) {

        /** Throws an {@link InvalidInputException} if a number is out of bounds. */
        public Options {
            if (concurrentWrites < 1) {
                throw new InvalidInputException("concurrentWrites is " + concurrentWrites + ": set it to 1 or more.");
            }
            if (maxFailures < 1) {
                throw new InvalidInputException("maxFailures is " + maxFailures + ": set it to 1 or more.");
            }
        }
    }

    /** Starts a call without entries, with every option at its default. */
    public static Builder builder(Operation operation) {
        return new Builder(operation);
    }

    @Override
    public CompletableFuture<Outcome.Bulk> executeBy(Operations operations) {
        return operations.bulk(this);
    }

    /** The kind of all its writes. */
    public Write.Kind kind() {
        return kind(operation);
    }

    private static Write.Kind kind(Operation operation) {
        return switch (operation) {
            case PUT_ALL -> Write.Kind.PUT;
            case CREATE_ALL -> Write.Kind.CREATE;
            case DELETE_ALL -> Write.Kind.DELETE;
            default -> throw new InvalidInputException("Operation " + operation.text() + " writes no entries.");
        };
    }

    /** Collects the options of such a call. Not thread safe. */
    public static final class Builder implements Call.Builder<Outcome.Bulk> {
        private final Operation operation;
        private @Nullable Iterator<?> entries;
        private Function<Object, Write> reader = Write.class::cast;
        private Executor executor = ForkJoinPool.commonPool();
        private Expiry expiry = Expiry.KEEP;
        private Due due = Due.KEEP;
        private @Nullable ClaimIndex claimIndex;
        private PayloadMode payloadMode = PayloadMode.REPLACE;
        private PayloadFormat payloadFormat = PayloadFormat.AUTO;
        private @Nullable Long fencingToken;
        private boolean exactlyOnce;
        private boolean mustExist = true;
        private int concurrentWrites = CONCURRENT_WRITES;
        private int maxFailures = MAX_FAILURES;

        private Builder(Operation operation) {
            this.operation = operation;
        }

        /** A builder with the same options and the same entries. */
        public Builder copy() {
            Builder copy = new Builder(operation);
            copy.entries = entries;
            copy.reader = reader;
            copy.executor = executor;
            copy.expiry = expiry;
            copy.due = due;
            copy.claimIndex = claimIndex;
            copy.payloadMode = payloadMode;
            copy.payloadFormat = payloadFormat;
            copy.fencingToken = fencingToken;
            copy.exactlyOnce = exactlyOnce;
            copy.mustExist = mustExist;
            copy.concurrentWrites = concurrentWrites;
            copy.maxFailures = maxFailures;
            return copy;
        }

        /**
         * What to write: any number. Each has the kind of the operation.
         *
         * @param writes used by one thread at a time
         */
        public Builder writes(Iterator<Write> writes) {
            return entries(writes, Write.class::cast);
        }

        /** What to write, in another form. See {@link BulkCall#reader}. */
        public Builder entries(Iterator<?> given, Function<Object, Write> reads) {
            this.entries = given;
            this.reader = reads;
            return this;
        }

        /**
         * Where entries are taken and read, one at a time. It may wait there for the next entry. Default: the common
         * pool.
         */
        public Builder executor(Executor threads) {
            this.executor = threads;
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

        /** The index of the work queue that stored items belong to. Default: null, none. */
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

        /** The kind of all writes. */
        public Write.Kind kind() {
            return BulkCall.kind(operation);
        }

        /** The format of the payloads, for those who read entries. */
        public PayloadFormat payloadFormat() {
            return payloadFormat;
        }

        /** The token of the lock that protects what is written. Default: null, not fenced. */
        public Builder fencingToken(@Nullable Long token) {
            this.fencingToken = token;
            return this;
        }

        /** See {@link ConditionalCall#exactlyOnce}. Default: false. */
        public Builder exactlyOnce(boolean once) {
            this.exactlyOnce = once;
            return this;
        }

        /** Whether it is an error if a delete finds no live item. Default: true. */
        public Builder mustExist(boolean must) {
            this.mustExist = must;
            return this;
        }

        /** The most writes in flight, 1 or more. Default: {@link #CONCURRENT_WRITES}. */
        public Builder concurrentWrites(int most) {
            this.concurrentWrites = most;
            return this;
        }

        /** How many failed writes end the call early, 1 or more. Default: {@link #MAX_FAILURES}. */
        public Builder maxFailures(int most) {
            this.maxFailures = most;
            return this;
        }

        @Override
        public BulkCall build() {
            if (entries == null) {
                throw new InvalidInputException(
                        "Operation " + operation.text() + " has no entries: give it what to write.");
            }
            return new BulkCall(
                    operation,
                    entries,
                    reader,
                    executor,
                    new Options(
                            expiry,
                            due,
                            claimIndex,
                            payloadMode,
                            payloadFormat,
                            fencingToken,
                            exactlyOnce,
                            mustExist,
                            concurrentWrites,
                            maxFailures));
        }
    }
}
