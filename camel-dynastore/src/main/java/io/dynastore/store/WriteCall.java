/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A create, put or update. Immutable.
 *
 * @param kind which of them
 * @param key the item
 * @param value the payload; null is stored as NULL
 * @param fields the extra fields to set; a null removes the field
 * @param expiry what happens to the expiry
 * @param due from when a consumer of a work queue may claim the item
 * @param claimIndex the index of the work queue that the item belongs to; null: it gets no entry
 * @param payloadMode what happens to the stored payload
 * @param increments numbers to add, by the {@link DocumentPath}s of what they are added to
 * @param returnIncrements whether the outcome has the new values of what is added to
 * @param payloadFormat the format of the payload
 * @param expectedVersion see {@link ConditionalCall#expectedVersion}; a create ignores it
 * @param expectedIncarnation see {@link ConditionalCall#expectedIncarnation}
 * @param returnVersion whether the outcome has the new version, also where the service has to return it
 * @param fencingToken see {@link ConditionalCall#fencingToken}
 * @param exactlyOnce see {@link ConditionalCall#exactlyOnce}
 * @param idempotencyToken see {@link ConditionalCall#idempotencyToken}
 */
public record WriteCall(
        Kind kind,
        Key key,
        @Nullable Object value,
        Map<String, @Nullable Object> fields,
        Expiry expiry,
        Due due,
        @Nullable ClaimIndex claimIndex,
        PayloadMode payloadMode,
        Map<String, Number> increments,
        boolean returnIncrements,
        PayloadFormat payloadFormat,
        @Nullable Long expectedVersion,
        @Nullable Incarnation expectedIncarnation,
        boolean returnVersion,
        @Nullable Long fencingToken,
        boolean exactlyOnce,
        @Nullable IdempotencyToken idempotencyToken)
        implements ConditionalCall<Outcome.Written> {

    /** The operations that store a payload. */
    public enum Kind {
        /** {@link Operation#CREATE}. */
        CREATE(Operation.CREATE),
        /** {@link Operation#PUT}. */
        PUT(Operation.PUT),
        /** {@link Operation#UPDATE}. */
        UPDATE(Operation.UPDATE);

        private final Operation operation;

        Kind(Operation operation) {
            this.operation = operation;
        }
    }

    public WriteCall {
        fields = fields.isEmpty() ? Collections.emptyMap() : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        increments = increments.isEmpty()
                ? Collections.emptyMap()
                : Collections.unmodifiableMap(new LinkedHashMap<>(increments));
        expectedIncarnation = expectedVersion == null ? null : expectedIncarnation;
        checkExpected(expectedVersion);
    }

    /**
     * The same call with an expected version.
     *
     * @param incarnation the incarnation of the item in that version; null if it is not known
     */
    public WriteCall expecting(long version, @Nullable Incarnation incarnation) {
        return new WriteCall(
                kind,
                key,
                value,
                fields,
                expiry,
                due,
                claimIndex,
                payloadMode,
                increments,
                returnIncrements,
                payloadFormat,
                version,
                incarnation,
                returnVersion,
                fencingToken,
                exactlyOnce,
                idempotencyToken);
    }

    static void checkExpected(@Nullable Long version) {
        if (version != null && version < 0) {
            throw new InvalidInputException(
                    "An expected version is 0 (an item without a version) or more, not " + version + ".");
        }
    }

    /** Starts a call without key, with every option at its default. */
    public static Builder builder(Kind kind) {
        return new Builder(kind);
    }

    @Override
    public Operation operation() {
        return kind.operation;
    }

    @Override
    public CompletableFuture<Outcome.Written> executeBy(Operations operations) {
        return operations.write(this);
    }

    /** Collects the options of a create, put or update. Not thread safe. */
    public static final class Builder implements ConditionalCall.Builder<Outcome.Written> {
        private final Kind kind;
        private @Nullable Key key;
        private @Nullable Object value;
        private Map<String, @Nullable Object> fields = Map.of();
        private Expiry expiry = Expiry.KEEP;
        private Due due = Due.KEEP;
        private @Nullable ClaimIndex claimIndex;
        private PayloadMode payloadMode = PayloadMode.REPLACE;
        private Map<String, Number> increments = Map.of();
        private boolean returnIncrements;
        private PayloadFormat payloadFormat = PayloadFormat.AUTO;
        private @Nullable Long expectedVersion;
        private @Nullable Incarnation expectedIncarnation;
        private boolean returnVersion = true;
        private @Nullable Long fencingToken;
        private boolean exactlyOnce;
        private @Nullable IdempotencyToken idempotencyToken;

        private Builder(Kind kind) {
            this.kind = kind;
        }

        /** A builder with the same options. The two share nothing that changes. */
        public Builder copy() {
            Builder copy = new Builder(kind);
            copy.key = key;
            copy.value = value;
            copy.fields = fields;
            copy.expiry = expiry;
            copy.due = due;
            copy.claimIndex = claimIndex;
            copy.payloadMode = payloadMode;
            copy.increments = increments;
            copy.returnIncrements = returnIncrements;
            copy.payloadFormat = payloadFormat;
            copy.expectedVersion = expectedVersion;
            copy.expectedIncarnation = expectedIncarnation;
            copy.returnVersion = returnVersion;
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

        /** The value to store as payload; null is stored as NULL. */
        public Builder value(@Nullable Object value) {
            this.value = value;
            return this;
        }

        /** Extra fields to set; a null removes the field. Fields that are not named stay as they are. */
        public Builder fields(Map<String, ? extends @Nullable Object> fields) {
            this.fields = new LinkedHashMap<>(fields);
            return this;
        }

        /** What happens to the expiry. Default: {@link Expiry#KEEP}. */
        public Builder expiry(Expiry expiry) {
            this.expiry = expiry;
            return this;
        }

        /** From when the item may be claimed. Default: {@link Due#KEEP}. */
        public Builder due(Due due) {
            this.due = due;
            return this;
        }

        /** The index of the work queue that the item belongs to. Default: it gets no entry. */
        public Builder claimIndex(@Nullable ClaimIndex index) {
            this.claimIndex = index;
            return this;
        }

        /** What a put or update does with the stored payload. Default: {@link PayloadMode#REPLACE}. */
        public Builder payloadMode(PayloadMode mode) {
            this.payloadMode = mode;
            return this;
        }

        /** The mode as it is set so far. */
        public PayloadMode payloadMode() {
            return payloadMode;
        }

        /**
         * Numbers that the service adds to those in the item, by the text of a {@link DocumentPath}: a field such as
         * {@code views}, or a member of the payload such as {@code payload.stats.views}. What is missing counts as 0,
         * and a missing document is created. Only a write that keeps the payload may name paths in it. Default: none.
         */
        public Builder increments(Map<String, ? extends Number> numbers) {
            this.increments = new LinkedHashMap<>(numbers);
            return this;
        }

        /**
         * Whether the outcome has the new values of what is added to. They are unknown after a write whose response
         * was lost, if others have written since. Default: false.
         */
        public Builder returnIncrements(boolean returnIncrements) {
            this.returnIncrements = returnIncrements;
            return this;
        }

        /** The format of the payload. Default: {@link PayloadFormat#AUTO}. */
        public Builder payloadFormat(PayloadFormat format) {
            this.payloadFormat = format;
            return this;
        }

        /** The format as it is set so far. */
        public PayloadFormat payloadFormat() {
            return payloadFormat;
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

        /**
         * Whether the outcome of a put or update without expected version has the new version. For that, the service
         * sends the payload back. Default: true.
         */
        public Builder returnVersion(boolean returnVersion) {
            this.returnVersion = returnVersion;
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
        public WriteCall build() {
            return new WriteCall(
                    kind,
                    kind.operation.required(key),
                    value,
                    fields,
                    expiry,
                    due,
                    claimIndex,
                    payloadMode,
                    increments,
                    returnIncrements,
                    payloadFormat,
                    expectedVersion,
                    expectedIncarnation,
                    returnVersion,
                    fencingToken,
                    exactlyOnce,
                    idempotencyToken);
        }
    }
}
