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
 * One write on its way, with all requests that it takes: knows its id, and whether a request of it may have been applied
 * without our knowing. Used by one stage of a future at a time.
 */
public final class IdempotentWrite {

    private final TableContext table;
    private final ConditionFailures refusals;
    private final Key key;
    private final Map<String, AttributeValue> keyAttributes;
    private final @Nullable Incarnation expectedIncarnation;
    private final IdempotencyToken write;
    private final boolean redelivered;
    private volatile boolean repeated;

    private IdempotentWrite(
            TableContext table,
            ConditionFailures refusals,
            Key key,
            Map<String, AttributeValue> keyAttributes,
            @Nullable Incarnation expectedIncarnation,
            IdempotencyToken write,
            boolean redelivered) {
        this.table = table;
        this.refusals = refusals;
        this.key = key;
        this.keyAttributes = keyAttributes;
        this.expectedIncarnation = expectedIncarnation;
        this.write = write;
        this.redelivered = redelivered;
        this.repeated = redelivered;
    }

    public static IdempotentWrite of(TableContext table, ConditionFailures refusals, WriteCall call, EncodedItem item) {
        return of(
                table,
                refusals,
                call,
                item.key(),
                item.keyAttributes(),
                Arrays.asList(
                        call.operation(),
                        item.key(),
                        call.expectedVersion(),
                        call.expectedIncarnation(),
                        item.payload(),
                        item.fields(),
                        call.expiry()));
    }

    public static IdempotentWrite of(
            TableContext table,
            ConditionFailures refusals,
            DeleteCall call,
            Key key,
            Map<String, AttributeValue> keyAttributes) {
        return of(
                table,
                refusals,
                call,
                key,
                keyAttributes,
                Arrays.asList(call.operation(), key, call.expectedVersion(), call.expectedIncarnation()));
    }

    private static IdempotentWrite of(
            TableContext table,
            ConditionFailures refusals,
            ConditionalCall<?> call,
            Key key,
            Map<String, AttributeValue> keyAttributes,
            List<@Nullable Object> content) {
        IdempotencyToken before = call.idempotencyToken();
        return before != null && before.repeatedBy(content)
                ? new IdempotentWrite(table, refusals, key, keyAttributes, call.expectedIncarnation(), before, true)
                : new IdempotentWrite(
                        table,
                        refusals,
                        key,
                        keyAttributes,
                        call.expectedIncarnation(),
                        new IdempotencyToken(WriteHistory.id(table.random()), content),
                        false);
    }

    public SdkBytes id() {
        return write.id();
    }

    /**
     * What stood in the way of this write, if its condition failed.
     *
     * @return fails with {@link OutcomeUnknownException} if the request may have been applied though it failed, else with the
     *     error itself
     */
    public CompletableFuture<Optional<StoredItem>> obstacle(Throwable error) {
        Throwable cause = Failures.cause(error);
        if (ConditionFailures.isRefusal(cause)) {
            repeated |= AmbiguousFailures.repeated(cause);
            return refusals.obstacle(table, key, keyAttributes, cause)
                    .exceptionallyCompose(unread -> CompletableFuture.failedFuture(
                            repeated ? unknown(Failures.cause(unread)) : Failures.cause(unread)));
        }
        boolean unknown = AmbiguousFailures.mayHaveBeenApplied(cause) || repeated;
        return CompletableFuture.failedFuture(unknown ? unknown(cause) : cause);
    }

    /** The version that an earlier request of this write has produced, if the item in the way shows that there was one. */
    public OptionalLong applied(Optional<StoredItem> obstacle) {
        return obstacle.isPresent() ? WriteHistory.version(obstacle.get().attributes(), id()) : OptionalLong.empty();
    }

    /**
     * Whether an earlier request of this write may have been applied although the item doesn't show it.
     *
     * @param produced the version that it would have produced; null if that is not known
     */
    public boolean undecided(Optional<StoredItem> obstacle, @Nullable Long produced) {
        return repeated
                && (obstacle.isEmpty() || !WriteHistory.disprove(obstacle.get(), expectedIncarnation, produced));
    }

    /** Whether the item in the way is certainly the one that this write is about. */
    public boolean meets(StoredItem obstacle, @Nullable Long expectedVersion) {
        return WriteHistory.sameIncarnation(obstacle, expectedIncarnation, expectedVersion);
    }

    /** Whether the item in the way is certainly another one than this write is about, which expected a version. */
    public boolean misses(StoredItem obstacle, @Nullable Long expectedVersion) {
        return expectedVersion != null
                && WriteHistory.anotherIncarnation(obstacle, expectedIncarnation, expectedVersion);
    }

    /** Whether this create has written the item that is in the way, where there was none or in the place of an expired one. */
    public boolean created(StoredItem obstacle) {
        return id().equals(WriteHistory.creator(obstacle.attributes()))
                || id().equals(WriteHistory.replacer(obstacle.attributes()));
    }

    /** Whether another write has created the item in the way, which never had expired since. */
    public boolean createdByAnother(StoredItem obstacle) {
        return WriteHistory.creator(obstacle.attributes()) != null
                && WriteHistory.replacer(obstacle.attributes()) == null
                && !created(obstacle);
    }

    /** Whether the whole write is a repetition, of whose first requests nothing is known but their id. */
    public boolean redelivered() {
        return redelivered;
    }

    /** Whether a request of this write was sent more than once. */
    public boolean repeated() {
        return repeated;
    }

    public OutcomeUnknownException unknown(Throwable cause) {
        return new OutcomeUnknownException(table.name(), key, cause, write);
    }
}
