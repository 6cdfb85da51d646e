/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.Failures;
import io.dynastore.store.IdempotencyToken;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Key;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.WriteCall;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One write with all its requests, which together are applied once. {@link WriteHistory} has the argument.
 *
 * <ol>
 *   <li>All requests of a write have the same write id, including those of a redelivery, which brings its token. So
 *       the item shows whether an earlier request was applied.
 *   <li>Only if a request was sent more than once, a failed condition may be due to the write's own earlier request.
 *       Until then, a failed condition is a plain conflict.
 *   <li>If an earlier request may have been applied and the item neither shows nor excludes it, the write fails with
 *       {@link OutcomeUnknownException}. Its token makes a repetition the same write.
 * </ol>
 *
 * <p>Used by one stage of a future at a time.
 *
 * <p>Decision 9 in docs/decisions has the reasons.
 */
public final class IdempotentWrite {

    private final TableContext table;
    private final ConditionFailures failures;
    private final Key key;
    private final Map<String, AttributeValue> keyAttributes;
    private final @Nullable Incarnation expectedIncarnation;
    private final IdempotencyToken token;
    private final boolean redelivered;
    private volatile boolean repeated;

    private IdempotentWrite(
            TableContext table,
            ConditionFailures failures,
            Key key,
            Map<String, AttributeValue> keyAttributes,
            @Nullable Incarnation expectedIncarnation,
            IdempotencyToken token,
            boolean redelivered) {
        this.table = table;
        this.failures = failures;
        this.key = key;
        this.keyAttributes = keyAttributes;
        this.expectedIncarnation = expectedIncarnation;
        this.token = token;
        this.redelivered = redelivered;
        this.repeated = redelivered;
    }

    /** A write that stores an item. */
    public static IdempotentWrite of(TableContext table, ConditionFailures failures, WriteCall call, EncodedItem item) {
        return of(
                table,
                failures,
                call,
                item.key(),
                item.keyAttributes(),
                Arrays.asList(
                        call.operation(),
                        item.key(),
                        call.expectedVersion(),
                        call.expectedIncarnation(),
                        item.content(),
                        item.ownFields(),
                        call.expiry(),
                        item.due()));
    }

    /** A write that stores nothing: a delete. */
    public static IdempotentWrite of(
            TableContext table,
            ConditionFailures failures,
            DeleteCall call,
            Key key,
            Map<String, AttributeValue> keyAttributes) {
        return of(
                table,
                failures,
                call,
                key,
                keyAttributes,
                Arrays.asList(call.operation(), key, call.expectedVersion(), call.expectedIncarnation()));
    }

    private static IdempotentWrite of(
            TableContext table,
            ConditionFailures failures,
            ConditionalCall<?> call,
            Key key,
            Map<String, AttributeValue> keyAttributes,
            List<@Nullable Object> content) {
        IdempotencyToken earlier = call.idempotencyToken();
        return earlier != null && earlier.repeatedBy(content)
                ? new IdempotentWrite(table, failures, key, keyAttributes, call.expectedIncarnation(), earlier, true)
                : new IdempotentWrite(
                        table,
                        failures,
                        key,
                        keyAttributes,
                        call.expectedIncarnation(),
                        new IdempotencyToken(WriteHistory.id(table.random()), content),
                        false);
    }

    /** The write id that all requests leave in the item. */
    public SdkBytes id() {
        return token.id();
    }

    /**
     * The conflicting item, if a request failed because of its condition.
     *
     * @return empty if there is no item; for other errors, fails with {@link OutcomeUnknownException} if the request
     *     may have been applied, else with the error itself
     */
    public CompletableFuture<Optional<StoredItem>> conflictingItem(Throwable error) {
        Throwable cause = Failures.cause(error);
        if (cause instanceof CountedUpdates.AppliedBefore applied) {
            return CompletableFuture.completedFuture(Optional.of(applied.item()));
        }
        if (ConditionFailures.isFailedCondition(cause)) {
            repeated |= AmbiguousFailures.repeated(cause);
            return failures.conflictingItem(table, key, keyAttributes, cause)
                    .exceptionallyCompose(unread -> CompletableFuture.failedFuture(
                            repeated ? unknown(Failures.cause(unread)) : Failures.cause(unread)));
        }
        boolean unknown = AmbiguousFailures.mayHaveBeenApplied(cause) || repeated;
        return CompletableFuture.failedFuture(unknown ? unknown(cause) : cause);
    }

    /** The version that an earlier request of this write produced; empty if the conflicting item does not show one. */
    public OptionalLong applied(Optional<StoredItem> conflicting) {
        return conflicting.isPresent()
                ? WriteHistory.version(conflicting.get().attributes(), id())
                : OptionalLong.empty();
    }

    /**
     * Whether an earlier request of this write may have been applied, although the conflicting item does not show it.
     *
     * @param produced the version that it would have produced; null if it is not known
     */
    public boolean undecided(Optional<StoredItem> conflicting, @Nullable Long produced) {
        return repeated
                && (conflicting.isEmpty() || !WriteHistory.disprove(conflicting.get(), expectedIncarnation, produced));
    }

    /** Whether the conflicting item is certainly the item that this write expected. */
    public boolean sameIncarnation(StoredItem conflicting, @Nullable Long expectedVersion) {
        return WriteHistory.sameIncarnation(conflicting, expectedIncarnation, expectedVersion);
    }

    /**
     * Whether the conflicting item is certainly another one than this write expected, which needs an expected
     * version.
     */
    public boolean anotherIncarnation(StoredItem conflicting, @Nullable Long expectedVersion) {
        return expectedVersion != null
                && WriteHistory.anotherIncarnation(conflicting, expectedIncarnation, expectedVersion);
    }

    /** Whether this write created the conflicting item, either as a new one or in place of an expired one. */
    public boolean created(StoredItem conflicting) {
        return id().equals(HistoryAttributes.creator(conflicting.attributes()))
                || id().equals(HistoryAttributes.replacer(conflicting.attributes()));
    }

    /** Whether another write created the conflicting item, and no write has replaced it since after it expired. */
    public boolean createdByAnother(StoredItem conflicting) {
        return HistoryAttributes.creator(conflicting.attributes()) != null
                && HistoryAttributes.replacer(conflicting.attributes()) == null
                && !created(conflicting);
    }

    /** Notes that an earlier request of this write may have been applied. */
    void repeat() {
        repeated = true;
    }

    /** Whether the whole write is a repetition. Of its earlier requests, only the write id is known. */
    public boolean redelivered() {
        return redelivered;
    }

    /** Whether an earlier request of this write may have been applied unnoticed: it was sent again, or redelivered. */
    public boolean repeated() {
        return repeated;
    }

    /** The error if the outcome can't be determined. It carries the token of this write. */
    public OutcomeUnknownException unknown(Throwable cause) {
        return new OutcomeUnknownException(table.name(), key, cause, token);
    }
}
