/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.FieldSelection;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.store.UnreadableItemException;
import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Claims items of one table for one consumer, and renews the claims in the background. Thread safe, never waits.
 *
 * <p>Its futures complete on the threads on which the client completes its own, or on the timer's.
 */
public final class Claims {

    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    /** How often one call may find that an item has changed since it was read. */
    private static final int MOST_CHANGES = 3;

    private static final String TOO_LARGE = "Item size";

    private final TableContext table;
    private final PayloadFormat format;
    private final FieldSelection fields;
    private final ClaimRequests requests;
    private final CandidateQuery query;
    private final ClaimClient client;
    private final ScheduledExecutorService timer;
    private final Set<HeldClaim> held = ConcurrentHashMap.newKeySet();
    private final ClaimCounters counters;
    private volatile boolean closed;

    /**
     * Claims of one consumer.
     *
     * @param reads sends queries
     * @param writes sends writes; both clients belong to the caller
     * @param format the format of payloads
     * @param fields the extra fields that items have
     * @param counters counts the claims
     * @param timer renews claims; nothing here waits on it; it removes canceled tasks; the caller shuts it down
     */
    public Claims(
            DynamoDbAsyncClient reads,
            DynamoDbAsyncClient writes,
            TableSchema schema,
            PayloadCodec codec,
            PayloadFormat format,
            FieldSelection fields,
            ClaimSettings settings,
            RandomGenerator random,
            ClaimCounters counters,
            ScheduledExecutorService timer) {
        this.table = new TableContext(writes, schema, codec, Clock.systemUTC(), random, delay -> {
            throw new UnsupportedOperationException("Claims don't pause");
        });
        this.format = format;
        this.fields = fields;
        this.requests = new ClaimRequests(schema, settings);
        this.query = new CandidateQuery(reads, requests);
        this.client = new ClaimClient(writes, schema, settings.ttl());
        this.counters = counters;
        this.timer = timer;
    }

    /**
     * Looks for claimable items of a partition. Fails with the error of the client.
     *
     * @param partition the encoded partition key
     * @param place where the page before ended; empty: at the start
     * @param examine how many items to examine at most; null: 1 MB
     */
    public CompletableFuture<CandidatePage> partition(
            AttributeValue partition, Map<String, AttributeValue> place, @Nullable Integer examine) {
        return query.partition(partition, place, examine, now());
    }

    /**
     * Looks for due items of a shard of the index.
     *
     * @param shard the shard as the index has it
     * @param place where the page before ended; empty: at the start
     * @param examine how many entries to examine at most
     */
    public CompletableFuture<CandidatePage> due(AttributeValue shard, Map<String, AttributeValue> place, int examine) {
        return query.due(shard, place, examine, now());
    }

    /** As {@link #partition}, for a segment of the table. */
    public CompletableFuture<CandidatePage> segment(
            Segment segment, Map<String, AttributeValue> place, @Nullable Integer examine) {
        return query.segment(segment, place, examine, now());
    }

    /**
     * Claims an item. The claim is renewed until it is ended.
     *
     * @return empty if another consumer has it, if it can't be claimed any more, or if its deliveries are used up: then
     *     it is marked dead. Fails with the client's error
     */
    public CompletableFuture<Optional<HeldClaim>> claim(Candidate candidate) {
        return claim(candidate.read(), MOST_CHANGES);
    }

    private CompletableFuture<Optional<HeldClaim>> claim(QueueItem read, int left) {
        if (!read.versionCounts()) {
            return CompletableFuture.failedFuture(unreadableVersion(read));
        }
        ClaimAttempt attempt = ClaimAttempt.of(requests, read, now(), table.random());
        return client.send(new ClaimWrite.Update(attempt.request()))
                .thenCompose(result -> after(attempt, result, left));
    }

    private CompletableFuture<Optional<HeldClaim>> after(ClaimAttempt attempt, WriteResult result, int left) {
        ClaimRules.Outcome outcome = ClaimRules.outcome(attempt, result, requests.settings(), now());
        if (outcome instanceof ClaimRules.Outcome.Claimed claimed) {
            HeldClaim begun = new HeldClaim(this, claimed.claim());
            held.add(begun);
            begun.begin();
            counters.claimed();
            return CompletableFuture.completedFuture(Optional.of(begun));
        }
        if (result instanceof WriteResult.Refused) {
            counters.refused();
        }
        if (outcome instanceof ClaimRules.Outcome.GiveBack back) {
            CompletableFuture<?> unused = new HeldClaim(this, back.claim()).giveBack();
        } else if (outcome instanceof ClaimRules.Outcome.Changed changed && left > 0) {
            return claim(changed.found(), left - 1);
        } else if (outcome instanceof ClaimRules.Outcome.Spent spent) {
            return bury(spent.found()).thenApply(dead -> Optional.empty());
        }
        return result instanceof WriteResult.Failed failed
                ? CompletableFuture.failedFuture(named(attempt.read(), failed.cause()))
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /** Another consumer may bury it at the same time. Then this one's condition fails, and all is done. */
    private CompletableFuture<WriteResult> bury(QueueItem found) {
        String reason = found.count() + " deliveries, the last one without an end";
        LOG.warn(
                "Table {}, key {}: the item is dead after {}",
                table.name(),
                StoredItem.of(table, found.attributes()).key(),
                reason);
        ClaimWrite mark = new ClaimWrite.Update(requests.burySpent(found, reason, now()));
        if (requests.settings().deadPartition() == null) {
            return client.send(mark);
        }
        String id = ClaimAttempt.id(requests.settings(), table.random());
        return client.send(requests.moveSpent(found, reason, now(), id))
                .thenCompose(result -> result instanceof WriteResult.Occupied
                        ? client.send(mark)
                        : CompletableFuture.completedFuture(result));
    }

    /** DynamoDB's error names no item. */
    private Throwable named(QueueItem read, Throwable cause) {
        String message = cause instanceof DynamoDbException ? cause.getMessage() : null;
        return message != null && message.contains(TOO_LARGE)
                ? new InvalidInputException(
                        "Table " + table.name() + ", key " + key(read)
                                + ": the item can't be claimed, since it is too large for the attributes of a claim."
                                + " Delete it, or write it again with " + QueueAttributes.LARGEST_CLAIM
                                + " bytes less.",
                        cause)
                : cause;
    }

    /** The key of a candidate, for messages. */
    public Key key(Candidate candidate) {
        return key(candidate.read());
    }

    private Key key(QueueItem read) {
        return StoredItem.of(table, read.key()).key();
    }

    private UnreadableItemException unreadableVersion(QueueItem read) {
        return new UnreadableItemException(
                table.name(),
                key(read),
                false,
                "the attribute '" + table.schema().version()
                        + "' is not a whole number below the greatest, so that the item can't be claimed. Correct the"
                        + " item, or give the version another name by versionName.");
    }

    /**
     * Checks that the claims in flight could be renewed the last time. A consumer that can't renew must not claim more.
     *
     * @throws DynaStoreException if not, with the error of a renewal as its cause
     */
    public void checkRenewals() {
        for (HeldClaim claim : held) {
            Throwable cause = claim.failing();
            if (cause != null) {
                throw new DynaStoreException(
                        "Table " + table.name() + ": claims of items in flight can't be renewed. Nothing is claimed"
                                + " until they are renewed or have ended. Check the endpoint, the network and the"
                                + " permission dynamodb:UpdateItem.",
                        cause);
            }
        }
    }

    /** The number of items that are claimed here. */
    public int inFlight() {
        return held.size();
    }

    /** Ends the renewals of all claims. Those that have not ended run out, and their items come again. */
    public void close() {
        closed = true;
        held.forEach(HeldClaim::stop);
        held.clear();
    }

    boolean closed() {
        return closed;
    }

    void ended(HeldClaim claim) {
        held.remove(claim);
    }

    ClaimRequests requests() {
        return requests;
    }

    ClaimClient client() {
        return client;
    }

    RandomGenerator random() {
        return table.random();
    }

    String place(Claim claim) {
        return "Table " + table.name() + ", key "
                + StoredItem.of(table, claim.attributes()).key();
    }

    /** The item in Java types; fails if it can't be read. */
    Item item(Claim claim) {
        return StoredItem.of(table, claim.attributes()).item(format, fields);
    }

    /** What can be read of an item that can't be read. */
    Item unreadable(Claim claim) {
        return StoredItem.of(table, claim.attributes()).unreadable(true);
    }

    ClockReading now() {
        return new ClockReading(table.clock().instant(), System.nanoTime());
    }

    /** Runs this after a delay; null if the timer is shut down. */
    @Nullable
    Future<?> after(long nanos, Runnable task) {
        try {
            return timer.schedule(task, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The consumer stops, and all its claims run out.
            return null;
        }
    }
}
