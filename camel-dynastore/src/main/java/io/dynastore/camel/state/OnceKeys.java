/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Failures;
import io.dynastore.store.Key;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.support.LRUCacheFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * The keys of a started idempotent repository that stores results. Each step is one request. Thread safe; nothing
 * waits.
 */
final class OnceKeys {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreIdempotentRepository.class);

    private static final int MOST_UNRESOLVED = 1000;

    private final KeyPlaces places;
    private final KeyWrites writes;
    private final TableRequests requests;
    private final ClaimKeeper keeper;
    private final IdempotentSettings settings;

    /** The holders of adds that got no response: the next add of the same attempt recognises its predecessor. */
    private final Map<String, String> unresolved = LRUCacheFactory.newLRUCache(MOST_UNRESOLVED);

    /**
     * What an add has found.
     *
     * @param claim null if the key is taken
     * @param item the item that has the key; empty if it is gone again, or the key is claimed
     */
    record Found(@Nullable Claim claim, Map<String, AttributeValue> item) {}

    OnceKeys(
            KeyPlaces places,
            KeyWrites writes,
            TableRequests requests,
            ClaimKeeper keeper,
            IdempotentSettings settings) {
        this.places = places;
        this.writes = writes;
        this.requests = requests;
        this.keeper = keeper;
        this.settings = settings;
    }

    String table() {
        return requests.schema().table();
    }

    /** The attribute with the result of a message. */
    String payload() {
        return requests.schema().payload();
    }

    Key place(String key) {
        return places.place(key);
    }

    /**
     * Adds a key in flight.
     *
     * @param attempt names the message and its key, to recognise an add that got no response
     * @param digest that of the payload; null: none
     */
    CompletableFuture<Found> add(String attempt, String key, @Nullable AttributeValue digest) {
        Key place = places.place(key);
        String holder = Objects.requireNonNullElseGet(
                unresolved.remove(attempt), () -> UUID.randomUUID().toString());
        long sent = settings.ticker().nanos();
        Instant now = settings.clock().instant();
        CompletableFuture<CompletableFuture<Found>> found = keeper.send(
                        writes.claim(place, holder, settings.owner(), digest, now))
                .handle((added, error) -> {
                    if (error == null) {
                        return CompletableFuture.completedFuture(claimed(new Claim(key, place, holder, sent, c -> {})));
                    }
                    if (Failures.cause(error) instanceof ConditionalCheckFailedException taken) {
                        return taken(place, taken);
                    }
                    unresolved.put(attempt, holder);
                    return CompletableFuture.failedFuture(Failures.cause(error));
                });
        return found.thenCompose(either -> either);
    }

    private Found claimed(Claim claim) {
        settings.counters().added().increment();
        keeper.hold(claim);
        return new Found(claim, Map.of());
    }

    /** An engine that does not return the item is asked for it. */
    private CompletableFuture<Found> taken(Key place, ConditionalCheckFailedException taken) {
        if (taken.hasItem() && !taken.item().isEmpty()) {
            return CompletableFuture.completedFuture(new Found(null, taken.item()));
        }
        GetItemRequest read = GetItemRequest.builder()
                .tableName(table())
                .key(requests.schema().encode(place))
                .consistentRead(true)
                .overrideConfiguration(requests.limits())
                .build();
        return requests.client().getItem(read).thenApply(response -> new Found(null, response.item()));
    }

    /** The message of a key was a duplicate. */
    void duplicate() {
        settings.counters().duplicates().increment();
    }

    /**
     * Confirms a claim, with its result if it has one.
     *
     * @return fails if there is no response; then the confirm is repeated until the lease is over
     */
    CompletableFuture<Void> confirm(Claim claim) {
        keeper.release(claim.holder());
        return keeper.send(keeper.confirmation(claim)).<Void>handle((confirmed, error) -> {
            Throwable cause = error == null ? null : Failures.cause(error);
            if (cause instanceof ConditionalCheckFailedException) {
                lost("confirmed", claim);
            } else if (cause != null) {
                keeper.confirmLater(claim);
                throw new CompletionException(cause);
            }
            return null;
        });
    }

    /** Removes a claim: the next message of its key is processed. Without a response, its lease ends it. */
    CompletableFuture<Void> remove(Claim claim) {
        keeper.release(claim.holder());
        DeleteItemRequest delete = writes.remove(claim.place(), claim.holder())
                .overrideConfiguration(requests.limits())
                .build();
        try {
            return requests.client().deleteItem(delete).<Void>handle((removed, error) -> {
                if (error != null && Failures.cause(error) instanceof ConditionalCheckFailedException) {
                    lost("removed", claim);
                } else if (error != null) {
                    LOG.debug("Key {} could not be removed, and is free after its lease", claim.place(), error);
                }
                return null;
            });
        } catch (RuntimeException e) {
            // A closed client throws, instead of failing the future.
            return CompletableFuture.completedFuture(null);
        }
    }

    private void lost(String what, Claim claim) {
        settings.counters().lost().increment();
        LOG.warn(
                "Table {}, key {}: not {}, as another has taken or removed the key since this exchange added it."
                        + " If its lease was over, raise inFlightTtl.",
                table(),
                claim.place(),
                what);
    }
}
