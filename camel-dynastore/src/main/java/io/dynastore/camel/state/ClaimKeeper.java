/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Failures;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Renews the leases of the keys in flight, every third of a lease, and repeats confirms that got no response, for as
 * long as their items exist.
 *
 * <p>It runs until the component stops, and not only until the repository does: a stopping route stops the repository
 * of other routes too. A claim that nobody refers to any more is not renewed. Thread safe; nothing waits.
 *
 * <p>Decision 17 in docs/decisions has the reasons.
 */
final class ClaimKeeper extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreIdempotentRepository.class);

    private static final int RENEWALS_PER_LEASE = 3;
    private static final int LOOKS_PER_LEASE = 12;
    private static final long SHORTEST_PERIOD = 10;

    private final CamelContext context;
    private final TableRequests requests;
    private final KeyWrites writes;
    private final IdempotentSettings settings;
    private final Map<String, WeakReference<Claim>> held = new ConcurrentHashMap<>();
    private final Map<String, Claim> unconfirmed = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService timer;

    ClaimKeeper(CamelContext context, TableRequests requests, KeyWrites writes, IdempotentSettings settings) {
        this.context = context;
        this.requests = requests;
        this.writes = writes;
        this.settings = settings;
    }

    /** Renews a claim from now on, as long as it is referred to. */
    void hold(Claim claim) {
        held.put(claim.holder(), new WeakReference<>(claim));
    }

    /** Renews a claim no more, and repeats no confirm of it. Returns it if it was held until now. */
    @Nullable
    Claim release(String holder) {
        unconfirmed.remove(holder);
        WeakReference<Claim> claim = held.remove(holder);
        return claim == null ? null : claim.get();
    }

    /** Renews a released claim, and repeats its confirm, until that gets a response or the item's TTL is over. */
    void confirmLater(Claim claim) {
        unconfirmed.put(claim.holder(), claim);
    }

    /** Renews nothing that is held now, and repeats no confirm. */
    void releaseAll() {
        held.clear();
        unconfirmed.clear();
    }

    /** The number of keys in flight. */
    int size() {
        return held.size();
    }

    /** The age of the oldest key in flight, in milliseconds; 0 if there is none. */
    long oldestMillis() {
        return RenewedClaim.oldestMillis(held.values(), settings.ticker().nanos());
    }

    /** The number of keys whose confirm has got no response yet. */
    int unconfirmed() {
        return unconfirmed.size();
    }

    /** Sends what is due. */
    void look() {
        long now = settings.ticker().nanos();
        held.forEach((holder, reference) -> {
            Claim claim = reference.get();
            if (claim == null) {
                held.remove(holder);
                LOG.debug("A key is not renewed any more, as its exchange was abandoned");
            } else {
                renewIfDue(claim, now);
            }
        });
        unconfirmed.values().forEach(claim -> confirm(claim, now));
    }

    private void renewIfDue(Claim claim, long now) {
        if (now - claim.tried() < settings.lease().toNanos() / RENEWALS_PER_LEASE) {
            return;
        }
        claim.trying(now);
        var unused = send(writes.renew(
                        claim.place(), claim.holder(), settings.clock().instant()))
                .whenComplete((renewed, error) -> {
                    if (error == null) {
                        claim.renewedAt(now);
                        settings.counters().renewed().increment();
                    } else if (!(Failures.cause(error) instanceof ConditionalCheckFailedException)) {
                        claim.trying(claim.renewed());
                        LOG.debug("Key {} could not be renewed, which is tried again", claim.place(), error);
                    } else if (held.remove(claim.holder()) != null) {
                        settings.counters().lost().increment();
                        LOG.warn(
                                "Table {}, key {}: the exchange that added the key lost it, as another has taken or"
                                        + " removed it. If that follows a pause, raise inFlightTtl.",
                                requests.schema().table(),
                                claim.place());
                    }
                });
    }

    /** Its condition names the holder, so it is safe at any time. The lease only decides whether it comes too late. */
    private void confirm(Claim claim, long now) {
        long sinceRenewal = now - claim.renewed();
        if (sinceRenewal > settings.lease().plus(KeyWrites.SWEEP).toNanos()) {
            unconfirmed.remove(claim.holder());
            warn(claim, "the key was not confirmed before its item expired. A duplicate of its message is processed.");
            return;
        }
        if (sinceRenewal > settings.lease().toNanos() && claim.reportOnce()) {
            warn(
                    claim,
                    "the key could not be confirmed within its lease, which is tried again. Until then, a duplicate of"
                            + " its message is processed again.");
        }
        renewIfDue(claim, now);
        var unused = send(confirmation(claim)).whenComplete((confirmed, error) -> {
            boolean refused = error != null && Failures.cause(error) instanceof ConditionalCheckFailedException;
            if ((error == null || refused) && unconfirmed.remove(claim.holder()) != null && refused) {
                settings.counters().lost().increment();
                warn(claim, "another has taken or removed the key before its confirm got a response.");
            }
        });
    }

    private void warn(Claim claim, String what) {
        LOG.warn("Table {}, key {}: {}", requests.schema().table(), claim.place(), what);
    }

    /** The write that confirms a claim, with its result if it has one. */
    UpdateItemRequest.Builder confirmation(Claim claim) {
        Instant now = settings.clock().instant();
        StoredResult result = claim.result();
        return result == null
                ? writes.confirm(claim.place(), claim.holder(), now)
                : writes.confirm(claim.place(), claim.holder(), result, now);
    }

    /** Sends a write. Nothing waits. */
    CompletableFuture<?> send(UpdateItemRequest.Builder write) {
        try {
            return requests.client()
                    .updateItem(write.overrideConfiguration(requests.limits()).build());
        } catch (RuntimeException e) {
            // A closed client throws, instead of failing the future.
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    protected void doStart() {
        timer = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "DynaStoreIdempotent");
        long period = Math.max(SHORTEST_PERIOD, settings.lease().toMillis() / LOOKS_PER_LEASE);
        var unused = timer.scheduleWithFixedDelay(this::guardedLook, period, period, TimeUnit.MILLISECONDS);
    }

    private void guardedLook() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            // The timer would end with it, and with the timer all leases.
            LOG.warn("Keys in flight could not be renewed, which is tried again", e);
        }
    }

    @Override
    protected void doStop() {
        if (!unconfirmed.isEmpty()) {
            LOG.warn(
                    "Table {}: {} keys could not be confirmed before the stop. Duplicates of their messages are"
                            + " processed again.",
                    requests.schema().table(),
                    unconfirmed.size());
        }
        releaseAll();
        if (timer != null) {
            context.getExecutorServiceManager().shutdownNow(timer);
            timer = null;
        }
    }
}
