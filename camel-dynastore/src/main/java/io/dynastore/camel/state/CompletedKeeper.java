/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.Failures;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Renews the leases of the completed groups that this node works on, every third of a lease, and repeats confirms that
 * got no response.
 *
 * <p>It runs until the component stops, and not only until the repository does: a stopping route stops the repository
 * of other routes too. A claim that nobody refers to any more is not renewed. Thread safe.
 *
 * <p>Decision 18 in docs/decisions has the reasons.
 */
final class CompletedKeeper extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(DynaStoreAggregationRepository.class);

    private static final int RENEWALS_PER_LEASE = 3;
    private static final int LOOKS_PER_LEASE = 12;
    private static final long SHORTEST_PERIOD = 10;

    private final CamelContext context;
    private final TableRequests requests;
    private final AtomicWrites atomic;
    private final AggregationWrites writes;
    private final AggregationSettings settings;
    private final Map<String, WeakReference<CompletedClaim>> held = new ConcurrentHashMap<>();
    /** How many threads complete or take a group now. Of these, one may succeed. */
    private final Map<String, Integer> pending = new ConcurrentHashMap<>();

    private final Map<String, CompletedClaim> unconfirmed = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService timer;

    CompletedKeeper(
            CamelContext context, TableRequests requests, AggregationWrites writes, AggregationSettings settings) {
        this.context = context;
        this.requests = requests;
        this.atomic = new AtomicWrites(requests);
        this.writes = writes;
        this.settings = settings;
    }

    /** A thread begins to complete or take a group. */
    void begin(String exchangeId) {
        pending.merge(exchangeId, 1, Integer::sum);
    }

    /** The thread has ended that, and holds the group by then if it has succeeded. */
    void end(String exchangeId) {
        pending.computeIfPresent(exchangeId, (id, threads) -> threads > 1 ? threads - 1 : null);
    }

    /** Renews a claim from now on, as long as it is referred to. */
    void hold(CompletedClaim claim) {
        held.put(claim.exchangeId(), new WeakReference<>(claim));
    }

    /** Renews a claim no more, since its exchange has ended. */
    void release(CompletedClaim claim) {
        held.computeIfPresent(claim.exchangeId(), (id, reference) -> {
            CompletedClaim current = reference.get();
            return current == null || current == claim ? null : reference;
        });
    }

    /** Whether this node works on a group, or has yet to confirm it. */
    boolean holds(String exchangeId) {
        WeakReference<CompletedClaim> claim = held.get(exchangeId);
        return (claim != null && claim.get() != null)
                || pending.containsKey(exchangeId)
                || unconfirmed.containsKey(exchangeId);
    }

    /** The number of groups that this node works on. */
    int size() {
        return held.size();
    }

    /** The age of the oldest claim of a group that this node works on, in milliseconds; 0 if there is none. */
    long oldestMillis() {
        return RenewedClaim.oldestMillis(held.values(), settings.ticker().nanos());
    }

    /** The number of groups whose confirm has got no response yet. */
    int unconfirmed() {
        return unconfirmed.size();
    }

    /**
     * Confirms a group. A group that this node does not hold was never stored, and costs no request.
     *
     * @return false if there is no response yet, so that the confirm is repeated here
     */
    boolean confirm(String exchangeId) {
        WeakReference<CompletedClaim> reference = held.get(exchangeId);
        CompletedClaim claim = reference == null ? null : reference.get();
        if (claim == null) {
            return !unconfirmed.containsKey(exchangeId);
        }
        claim.end();
        try {
            if (atomic.send(writes.confirm(claim)) != AtomicWrites.Result.APPLIED) {
                lost(claim);
            }
        } catch (RuntimeException e) {
            unconfirmed.put(exchangeId, claim);
            LOG.warn(
                    "Table {}, exchange {}: the completed group could not be confirmed, which is tried again",
                    requests.schema().table(),
                    exchangeId,
                    e);
            return false;
        } finally {
            release(claim);
        }
        return true;
    }

    private void lost(CompletedClaim claim) {
        settings.counters().lost().increment();
        LOG.warn(
                "Table {}, exchange {}: another node has recovered the completed group, since the lease was over while"
                        + " this one worked on it. It is processed twice. If that follows a pause, raise inFlightTtl.",
                requests.schema().table(),
                claim.exchangeId());
    }

    /** Sends what is due. */
    void look() {
        long now = settings.ticker().nanos();
        held.forEach((id, reference) -> {
            CompletedClaim claim = reference.get();
            if (claim == null) {
                held.remove(id, reference);
            } else {
                renewIfDue(claim, now);
            }
        });
        unconfirmed.values().forEach(claim -> confirm(claim, now));
    }

    private void renewIfDue(CompletedClaim claim, long now) {
        if (now - claim.tried() < settings.lease().toNanos() / RENEWALS_PER_LEASE) {
            return;
        }
        claim.trying(now);
        var unused = send(() -> requests.client()
                        .updateItem(writes.renew(claim.exchangeId(), claim.holder(), settings.now())
                                .overrideConfiguration(requests.limits())
                                .build()))
                .whenComplete((renewed, error) -> {
                    if (error == null) {
                        claim.renewedAt(now);
                    } else if (Failures.cause(error) instanceof ConditionalCheckFailedException) {
                        if (!claim.isEnding() && holds(claim.exchangeId())) {
                            release(claim);
                            lost(claim);
                        }
                    } else {
                        claim.trying(claim.renewed());
                        LOG.debug("A lease of a completed group was not renewed, which is tried again", error);
                    }
                });
    }

    private void confirm(CompletedClaim claim, long now) {
        renewIfDue(claim, now);
        var unused = send(() -> atomic.sending(writes.confirm(claim))).whenComplete((confirmed, error) -> {
            Throwable cause = error == null ? null : Failures.cause(error);
            if (cause == null) {
                unconfirmed.remove(claim.exchangeId());
            } else if (isRefused(cause) && unconfirmed.remove(claim.exchangeId()) != null) {
                lost(claim);
            }
        });
    }

    private static boolean isRefused(Throwable cause) {
        return cause instanceof ConditionalCheckFailedException
                || (cause instanceof TransactionCanceledException canceled && AtomicWrites.isRefused(canceled));
    }

    private static CompletableFuture<?> send(Supplier<CompletableFuture<?>> request) {
        try {
            return request.get();
        } catch (RuntimeException e) {
            // A closed client throws, instead of failing the future.
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    protected void doStart() {
        timer = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "DynaStoreAggregation");
        long period = Math.max(SHORTEST_PERIOD, settings.lease().toMillis() / LOOKS_PER_LEASE);
        var unused = timer.scheduleWithFixedDelay(this::guardedLook, period, period, TimeUnit.MILLISECONDS);
    }

    private void guardedLook() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            // The timer would end with it, and with the timer all leases.
            LOG.warn("Leases of completed groups could not be renewed, which is tried again", e);
        }
    }

    @Override
    protected void doStop() {
        if (!unconfirmed.isEmpty()) {
            LOG.warn(
                    "Table {}: {} completed groups could not be confirmed before the stop, and are processed again",
                    requests.schema().table(),
                    unconfirmed.size());
        }
        held.clear();
        unconfirmed.clear();
        if (timer != null) {
            context.getExecutorServiceManager().shutdownNow(timer);
            timer = null;
        }
    }
}
