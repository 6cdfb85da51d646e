/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import io.dynastore.queue.QueueOracle.Delivery;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.internal.item.Expressions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A consumer in a {@link QueueHistory}: it polls, claims, renews and ends claims by the rules under test. */
final class QueueMember {

    private static final int MOST_CLAIMS = 8;
    private static final long BEGINNING = Long.MAX_VALUE - 20_000_000_000L;

    private static final int POLLS_PER_LOOK = 3;
    private static final String DUE_IN_SHARD = Expressions.and(ClaimExpressions.DUE_IN_SHARD, Expressions.LIVE);

    private final QueueHistory history;
    private final long epoch;
    private final ClaimRequests requests;
    private boolean crashed;
    private long pausedUntil;
    private int claims;
    private int polls;

    /**
     * A member that has not begun.
     *
     * @param epoch what its wall clock shows at the beginning of the history, in milliseconds since 1970
     */
    QueueMember(QueueHistory history, long epoch) {
        this.history = history;
        this.epoch = epoch;
        this.requests = new ClaimRequests(SimulatedTable.SCHEMA, history.settings);
    }

    private ClockReading now() {
        return new ClockReading(Instant.ofEpochMilli(epoch + history.now), nanos());
    }

    /** The ticker. It overflows during the history. */
    private long nanos() {
        return BEGINNING + history.now * 1_000_000;
    }

    void begin() {
        later(history.random.nextInt((int) QueueHistory.POLL), this::poll);
    }

    void crash() {
        crashed = true;
    }

    /** Stands still for this time, in milliseconds. What should run meanwhile runs afterwards. */
    void pause(long millis) {
        pausedUntil = history.now + millis;
    }

    /** Runs this here and now, or when the pause is over; never after a crash. */
    void run(Runnable task) {
        if (crashed) {
            return;
        }
        if (history.now < pausedUntil) {
            history.at(pausedUntil, () -> run(task));
            return;
        }
        task.run();
    }

    private void later(long millis, Runnable task) {
        history.at(history.now + millis, () -> run(task));
    }

    private void poll() {
        boolean stale = history.faulty() && history.random.nextInt(3) == 0;
        for (QueueItem candidate : candidates(stale)) {
            if (claims < MOST_CLAIMS && history.random.nextInt(3) > 0) {
                claim(candidate);
            }
        }
        later(QueueHistory.POLL - 50 + history.random.nextInt(50), this::poll);
    }

    private List<QueueItem> candidates(boolean stale) {
        ClaimIndex index = history.settings.index();
        if (index == null) {
            return history.table.query("jobs", ClaimExpressions.CLAIMABLE, requests.claimable(now()), stale);
        }
        AttributeValue partition = AttributeValue.fromS("jobs");
        List<QueueItem> found = new ArrayList<>();
        for (AttributeValue shard : index.shards(partition)) {
            found.addAll(history.table.query("jobs", DUE_IN_SHARD, ClaimRequests.due(shard, now()), stale));
        }
        if (polls++ % POLLS_PER_LOOK == 0) {
            String filter = ClaimExpressions.outsideOfIndex(index.shards());
            found.addAll(history.table.query("jobs", filter, requests.outsideOfIndex(index, partition, now()), stale));
        }
        return found;
    }

    private void claim(QueueItem read) {
        claims++;
        ClaimAttempt attempt = ClaimAttempt.of(requests, read, now(), history.random);
        history.send(this, new ClaimWrite.Update(attempt.request()), result -> {
            ClockReading arrived = arrived(attempt);
            ClaimRules.Outcome outcome = ClaimRules.outcome(attempt, result, history.settings, arrived);
            claims--;
            if (outcome instanceof ClaimRules.Outcome.Claimed claimed) {
                deliver(claimed.claim());
            } else if (outcome instanceof ClaimRules.Outcome.GiveBack back) {
                if (history.broken == Broken.DELIVERY_OF_UNKNOWN_CLAIMS && back.cause() == null) {
                    deliver(back.claim());
                } else {
                    claims++;
                    end(Ending.of(requests, back.claim(), new Ending.Goal.Unseen(), now()));
                }
            } else if (outcome instanceof ClaimRules.Outcome.Changed changed) {
                claim(changed.found());
            } else if (outcome instanceof ClaimRules.Outcome.Spent spent) {
                bury(spent.found());
            }
        });
    }

    private ClockReading arrived(ClaimAttempt attempt) {
        return history.broken == Broken.DEADLINE_FROM_THE_RESPONSE
                ? new ClockReading(now().wall(), attempt.built().nanos())
                : now();
    }

    private void bury(QueueItem found) {
        String reason = "the deliveries are used up";
        ClaimWrite write = history.settings.deadPartition() == null
                ? new ClaimWrite.Update(requests.burySpent(found, reason, now()))
                : requests.moveSpent(found, reason, now(), "m/" + history.random.nextInt());
        history.send(this, write, result -> {});
    }

    private void deliver(Claim claim) {
        claims++;
        Delivery delivery = history.oracle.delivered(claim, history.stored(SimulatedTable.name(claim.key())), nanos());
        if (history.broken == Broken.DEADLINE_FROM_THE_RESPONSE) {
            delivery.deadline = nanos() + QueueHistory.TTL.toNanos();
        }
        if (history.faulty() && delivery.content.startsWith("poison")) {
            later(1, () -> history.crash(this));
            return;
        }
        boolean slow = history.random.nextInt(4) == 0;
        long millis = slow ? history.random.nextInt(history.faulty() ? 12_000 : 2_000) : history.random.nextInt(300);
        Renewal first = Renewal.of(claim);
        later(QueueHistory.TTL.toMillis() / 3, () -> renew(delivery, first));
        if (history.random.nextInt(3) == 0) {
            later(millis / 2, () -> write(delivery));
        }
        later(millis, () -> completed(delivery));
    }

    private void renew(Delivery delivery, Renewal renewal) {
        if (delivery.ended || renewal.lost()) {
            return;
        }
        Renewal built = renewal.built(now(), QueueHistory.TTL);
        ClaimWrite write = new ClaimWrite.Update(requests.renew(delivery.claim, built.until()));
        history.send(this, write, result -> {
            Renewal next = built.after(result);
            delivery.deadline = next.term().deadline();
            long pause =
                    Renewal.confirms(result) ? QueueHistory.TTL.toMillis() / 3 : ClaimRules.pause(QueueHistory.TTL);
            later(pause, () -> renew(delivery, next));
        });
    }

    /** The route updates its item under the version that it has seen and the token of its claim. */
    private void write(Delivery delivery) {
        Map<String, AttributeValue> stored = history.stored(delivery.name);
        if (delivery.ended || stored == null) {
            return;
        }
        QueueItem item = new QueueItem(SimulatedTable.SCHEMA, stored);
        if (item.versionNumber() == delivery.claim.version() && item.fence() <= delivery.claim.token()) {
            Map<String, AttributeValue> written = new HashMap<>(stored);
            delivery.content = "job step of " + delivery.claim.id();
            written.put("payload", AttributeValue.fromS(delivery.content));
            written.put("version", AttributeValue.fromN(Long.toString(item.versionNumber() + 1)));
            written.put(LockAttributes.FENCE, AttributeValue.fromN(Long.toString(delivery.claim.token())));
            delivery.written = item.versionNumber() + 1;
            history.table.put(written);
            history.oracle.fencedWrite(delivery);
        }
    }

    private void completed(Delivery delivery) {
        delivery.ended = true;
        int dice = history.random.nextInt(20);
        delivery.succeeded = dice > 5;
        delivery.rejected = dice == 0;
        long version = delivery.written == 0 ? delivery.claim.version() : delivery.written;
        Ending.Goal goal = delivery.succeeded
                ? new Ending.Goal.Done(version)
                : ClaimRules.afterFailure(
                        delivery.claim, history.settings, "error", delivery.rejected, null, history.random);
        end(Ending.of(requests, delivery.claim, goal, now()));
    }

    private void end(Ending ending) {
        history.send(this, ending.write(), result -> {
            Progress progress = ending.after(result);
            if (progress instanceof Ending next) {
                boolean over = nanos() - ending.began().nanos() > QueueHistory.TTL.toNanos();
                if (result instanceof WriteResult.Failed && over) {
                    claims--;
                } else {
                    later(result instanceof WriteResult.Failed ? 150 : 0, () -> end(next));
                }
            } else {
                claims--;
            }
        });
    }
}
