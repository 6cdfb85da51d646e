/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import io.dynastore.store.Failures;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.WriteCall;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Sends updates that add to numbers and expect no version. None is applied twice: a number would be wrong. Thread safe.
 *
 * <ol>
 *   <li>A request that was certainly not applied is sent again by the SDK, as every request is.
 *   <li>A request that may have been applied is not. One consistent read looks for its write id.
 *   <li>If the item holds the id, the update is done.
 *   <li>If the item proves that the request was not applied so far ({@link WriteHistory}), it is sent again. Its
 *       condition then also demands that the item can still prove it. So the first request may arrive late, too.
 *   <li>Otherwise the outcome is unknown. That takes a lost response and as many other writes as the item remembers.
 *   <li>Such an item proves more if an earlier version is known. The versions of recent updates are kept for that. What
 *       an update produces is a later one.
 * </ol>
 *
 * <p>Decision 22 in docs/decisions has the reasons.
 */
public final class CountedUpdates {

    private static final int MOST_REQUESTS = 4;

    /** Why the outcome of a repeated write is unknown if no error is at hand that tells it. */
    public static final String UNDECIDED = "The item does not show whether an earlier request was applied.";

    /** Of how many items the version is kept. */
    private static final int KEPT = 1000;

    private final TableContext table;
    private final Backoff backoff;
    private final Map<Key, Seen> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
            return size() > KEPT;
        }
    };

    private record Seen(long version, Incarnation incarnation) {}

    /** An update that an earlier request has applied, as the item shows. */
    static final class AppliedBefore extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient StoredItem item;

        private AppliedBefore(StoredItem item) {
            super("applied before", null, false, false);
            this.item = item;
        }

        StoredItem item() {
            return item;
        }
    }

    public CountedUpdates(TableContext table) {
        this.table = table;
        this.backoff = new Backoff(table.random());
    }

    /** Sends an update, in this way if it needs it. */
    public CompletableFuture<UpdateItemResponse> send(
            WriteCall call, EncodedItem item, IdempotentWrite write, UpdateItemRequest request) {
        if (call.increments().isEmpty() || call.expectedVersion() != null) {
            return table.client().updateItem(request);
        }
        UpdateItemRequest once = request.toBuilder()
                .overrideConfiguration(settings -> settings.addPlugin(RetryUnlessApplied.PLUGIN))
                .build();
        if (write.redelivered()) {
            return settle(item, write, once, null, SdkClientException.create(UNDECIDED), 1);
        }
        // An earlier request of a repeated write may still arrive.
        return write.repeated()
                ? send(item, write, bounded(once, 0), null, 1)
                : send(item, write, once, seen(item.key()), 1);
    }

    private CompletableFuture<UpdateItemResponse> send(
            EncodedItem item, IdempotentWrite write, UpdateItemRequest request, @Nullable Seen before, int number) {
        return table.client().updateItem(request).exceptionallyCompose(error -> {
            Throwable cause = Failures.cause(error);
            return AmbiguousFailures.mayHaveBeenApplied(cause)
                    ? table.pause()
                            .of(backoff.pause(number - 1))
                            .thenCompose(paused -> settle(item, write, request, before, cause, number + 1))
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private CompletableFuture<UpdateItemResponse> settle(
            EncodedItem item,
            IdempotentWrite write,
            UpdateItemRequest request,
            @Nullable Seen before,
            Throwable cause,
            int number) {
        write.repeat();
        return read(item)
                .exceptionallyCompose(unread -> CompletableFuture.failedFuture(cause))
                .thenCompose(stored -> {
                    if (write.applied(stored).isPresent()) {
                        return CompletableFuture.failedFuture(new AppliedBefore(stored.orElseThrow()));
                    }
                    Long least = before == null ? null : (Long) (before.version() + 1);
                    boolean disproved = stored.isEmpty()
                            || WriteHistory.disprove(stored.get(), before == null ? null : before.incarnation(), least);
                    return disproved && number <= MOST_REQUESTS
                            ? send(item, write, bounded(request, least == null ? 0 : least), before, number)
                            : CompletableFuture.failedFuture(cause);
                });
    }

    private CompletableFuture<Optional<StoredItem>> read(EncodedItem item) {
        GetItemRequest read = GetItemRequest.builder()
                .tableName(table.name())
                .key(item.keyAttributes())
                .consistentRead(true)
                .build();
        return table.client()
                .getItem(read)
                .thenApply(response -> response.hasItem()
                        ? Optional.of(new StoredItem(table, item.key(), response.item()))
                        : Optional.empty());
    }

    /**
     * The same request, refused by an item that may have lost the id of a write that produced this version or a later
     * one.
     */
    public static UpdateItemRequest bounded(UpdateItemRequest request, long bound) {
        if (request.expressionAttributeValues().containsKey(HistoryAttributes.BOUND)) {
            return request;
        }
        Map<String, AttributeValue> values = new HashMap<>(request.expressionAttributeValues());
        values.put(HistoryAttributes.BOUND, AttributeValue.fromN(Long.toString(bound)));
        return request.toBuilder()
                .conditionExpression(Expressions.and(request.conditionExpression(), HistoryAttributes.NOT_PUSHED_OUT))
                .expressionAttributeValues(values)
                .build();
    }

    /** Keeps the version that an update has produced; returns the same outcome. */
    public Outcome.Written written(WriteCall call, Outcome.Written written) {
        if (!call.increments().isEmpty() && written.version() != null && written.incarnation() != null) {
            synchronized (recent) {
                recent.put(written.key(), new Seen(written.version(), written.incarnation()));
            }
        }
        return written;
    }

    private @Nullable Seen seen(Key key) {
        synchronized (recent) {
            return recent.get(key);
        }
    }
}
