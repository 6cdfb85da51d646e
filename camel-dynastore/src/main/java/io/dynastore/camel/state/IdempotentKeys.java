/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Key;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.LRUCacheFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The keys of a started idempotent repository. Each step is one request. Thread safe; callers wait for responses.
 *
 * <p>If an add gets no response, its id is kept: the next add of the same key by the same exchange recognises it.
 */
final class IdempotentKeys {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreIdempotentRepository.class);

    private static final int MOST_UNRESOLVED = 1000;

    private final KeyPlaces places;
    private final KeyWrites writes;
    private final TableRequests requests;
    private final ClaimKeeper keeper;
    private final IdempotentSettings settings;
    private final Map<String, Claim> withoutExchange = new ConcurrentHashMap<>();
    private final Map<String, String> unresolved = LRUCacheFactory.newLRUCache(MOST_UNRESOLVED);

    IdempotentKeys(
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

    boolean add(@Nullable Exchange exchange, String key) {
        Key place = places.place(key);
        boolean inFlight = exchange != null || settings.inFlightWithoutExchange();
        String attempt = exchange == null ? key : exchange.getExchangeId() + "/" + key;
        // Taken out while it is used: of two adds at the same time, one is the repetition.
        String holder = Objects.requireNonNullElseGet(
                unresolved.remove(attempt), () -> UUID.randomUUID().toString());
        long sent = settings.ticker().nanos();
        UpdateItemRequest.Builder write = inFlight
                ? writes.claim(place, holder, settings.owner(), settings.clock().instant())
                : writes.remember(place, holder, settings.clock().instant());
        boolean added = requests.update(write, () -> unresolved.put(attempt, holder));
        if (!added) {
            duplicate(exchange, key);
            return false;
        }
        settings.counters().added().increment();
        if (inFlight) {
            hold(exchange, new Claim(key, place, holder, sent, this::exchangeEnded));
        }
        return true;
    }

    private void duplicate(@Nullable Exchange exchange, String key) {
        settings.counters().duplicates().increment();
        if (exchange != null) {
            ExchangeClaims.removeInherited(exchange, id(key));
        }
    }

    private void hold(@Nullable Exchange exchange, Claim claim) {
        keeper.hold(claim);
        if (exchange == null) {
            withoutExchange.put(claim.key(), claim);
        } else {
            ExchangeClaims.put(exchange, id(claim.key()), claim.holder());
            exchange.getExchangeExtension().addOnCompletion(claim);
        }
    }

    boolean contains(String key) {
        Map<String, AttributeValue> item = requests.read(places.place(key));
        return !item.isEmpty() && writes.counts(item, settings.clock().instant());
    }

    boolean confirm(@Nullable Exchange exchange, String key) {
        String holder = holder(exchange, key);
        if (holder == null) {
            return exchange == null ? confirmAgain(key) : refused("confirmed", key);
        }
        Claim claim = keeper.release(holder);
        try {
            return confirmed(key, holder);
        } catch (RuntimeException e) {
            if (claim != null) {
                keeper.confirmLater(claim);
            }
            throw e;
        }
    }

    private boolean confirmed(String key, String holder) {
        Key place = places.place(key);
        boolean confirmed =
                requests.update(writes.confirm(place, holder, settings.clock().instant()));
        return confirmed || lost("confirmed", place);
    }

    private boolean confirmAgain(String key) {
        String holder = UUID.randomUUID().toString();
        boolean confirmed = requests.update(
                writes.confirmAgain(places.place(key), holder, settings.clock().instant()));
        return confirmed || refused("confirmed", key);
    }

    boolean remove(@Nullable Exchange exchange, String key) {
        Key place = places.place(key);
        String holder = holder(exchange, key);
        if (holder == null) {
            return exchange == null ? forget(key, place) : refused("removed", key);
        }
        keeper.release(holder);
        if (exchange != null) {
            ExchangeClaims.remove(exchange, id(key));
        }
        // An earlier attempt may have removed it, or a clear: the key is gone, as it should be.
        return requests.delete(writes.remove(place, holder)) != null || lost("removed", place);
    }

    private boolean forget(String key, Key place) {
        Map<String, AttributeValue> old =
                requests.delete(writes.forget(place, settings.clock().instant()));
        return old == null ? refused("removed", key) : !old.isEmpty();
    }

    void clear() {
        keeper.releaseAll();
        withoutExchange.clear();
        long removed = new KeyDeletion(requests).delete(places.partitions());
        LOG.info(
                "Table {}: idempotent repository {} is cleared, {} keys are removed",
                requests.schema().table(),
                places.name(),
                removed);
    }

    /** An exchange that has ended without confirming or removing its key keeps it, as with removeOnFailure=false. */
    private void exchangeEnded(Claim claim) {
        if (keeper.release(claim.holder()) == null) {
            return;
        }
        try {
            confirmed(claim.key(), claim.holder());
        } catch (RuntimeException e) {
            keeper.confirmLater(claim);
            throw e;
        }
    }

    private @Nullable String holder(@Nullable Exchange exchange, String key) {
        if (exchange != null) {
            return ExchangeClaims.holder(exchange, id(key));
        }
        Claim claim = withoutExchange.remove(key);
        return claim == null ? null : claim.holder();
    }

    private String id(String key) {
        return requests.schema().table() + "/" + places.name() + "/" + key;
    }

    private boolean refused(String what, String key) {
        settings.counters().refused().increment();
        LOG.debug(
                "Table {}, key {}: not {}, as the caller has not added it, or another has it in flight",
                requests.schema().table(),
                places.place(key),
                what);
        return false;
    }

    private boolean lost(String what, Key place) {
        settings.counters().lost().increment();
        LOG.warn(
                "Table {}, key {}: not {}, as another has taken or removed the key since this exchange added it."
                        + " If its lease was over, raise inFlightTtl.",
                requests.schema().table(),
                place,
                what);
        return false;
    }
}
