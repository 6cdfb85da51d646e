/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.LockAttributes;
import io.dynastore.store.QueueAttributes;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Checks a history of a queue against its guarantees, by each write that was applied and each delivery. */
final class QueueOracle implements SimulatedTable.Watcher {

    /** What must hold in each history. The number is that of the guarantee. */
    enum Rule {
        /** 1: no item is in flight at two consumers, as long as clocks are right. */
        IN_FLIGHT_ONCE,
        /** 1: only the latest claim renews, deletes, fails and marks dead, and nothing after its end. */
        LATEST_CLAIM_ONLY,
        /** 1: tokens grow, and only the latest claim writes under its token. */
        FENCED,
        /** 2 and 5: every item is claimed again in time, and done or dead in the end. */
        COMES_AGAIN,
        /** 3: an item is deleted only as its exchange has seen or written it, and only if that succeeded. */
        NO_CHANGE_LOST,
        /** 4: a delivery was counted before, and no item gets more than its deliveries. */
        COUNTED,
        /** 7: the index has each item that can be claimed, now or later, at that time, and no dead one. */
        INDEXED,
        /** 8: an item dies only if it was rejected or has had its deliveries. */
        DEAD_FOR_A_REASON
    }

    /** A delivery to a route. */
    static final class Delivery {
        final Claim claim;
        final String name;
        /** The payload as the exchange has seen or written it last. */
        String content;
        /** The version that the exchange has written; 0 if none. */
        long written;
        /** By the ticker. */
        long deadline;

        boolean ended;
        boolean succeeded;
        boolean rejected;

        Delivery(Claim claim, String name) {
            this.claim = claim;
            this.name = name;
            this.content = text(claim.attributes(), "payload");
            this.deadline = claim.term().deadline();
        }
    }

    /** How the update of a write begins that marks an item dead. */
    private static final String BURY = "SET #version";

    private final ClaimSettings settings;
    private final boolean clocksAreRight;
    private final Map<Rule, String> broken = new EnumMap<>(Rule.class);
    private final Set<String> claims = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final Map<String, String> latest = new HashMap<>();
    private final Map<String, Long> tokens = new HashMap<>();
    private final Map<String, Set<Long>> deliveries = new HashMap<>();
    private final Map<String, Delivery> byClaim = new HashMap<>();
    private final Map<String, Delivery> inFlight = new HashMap<>();

    int delivered;
    int deleted;
    int dead;
    int kept;

    QueueOracle(ClaimSettings settings, boolean clocksAreRight) {
        this.settings = settings;
        this.clocksAreRight = clocksAreRight;
    }

    /** The rules that were broken, with the first incident of each. */
    Map<Rule, String> broken() {
        return broken;
    }

    void broke(Rule rule, String incident) {
        broken.putIfAbsent(rule, incident);
    }

    @Override
    public void applied(
            ClaimWrite write, @Nullable Map<String, AttributeValue> old, @Nullable Map<String, AttributeValue> now) {
        if (old == null) {
            broke(Rule.LATEST_CLAIM_ONLY, "made an item: " + now);
            return;
        }
        String name = SimulatedTable.name(old);
        if (settings.index() != null && now != null) {
            indexed(name, write, now);
        }
        if (write instanceof ClaimWrite.Move move) {
            String id = id(move.request().transactItems().get(0).delete().expressionAttributeValues());
            buried(name, id, old, Objects.requireNonNull(now));
        } else if (write instanceof ClaimWrite.Delete delete) {
            deleted(name, Objects.requireNonNull(id(delete.request().expressionAttributeValues())), old);
        } else {
            updated(name, (ClaimWrite.Update) write, old, Objects.requireNonNull(now));
        }
    }

    private void indexed(String name, ClaimWrite write, Map<String, AttributeValue> now) {
        boolean dead = write instanceof ClaimWrite.Move
                || ((ClaimWrite.Update) write).request().updateExpression().startsWith(BURY);
        boolean entry = now.containsKey(QueueAttributes.SHARD) && now.containsKey(QueueAttributes.FROM);
        boolean early = number(now, QueueAttributes.FROM)
                <= number(now, QueueAttributes.UNTIL) + settings.clockSkew().toMillis();
        if (dead == entry || (now.containsKey(QueueAttributes.HOLDER) && early)) {
            broke(Rule.INDEXED, name + ": " + now);
        }
    }

    private void updated(
            String name,
            ClaimWrite.Update update,
            Map<String, AttributeValue> before,
            Map<String, AttributeValue> now) {
        String id = id(update.request().expressionAttributeValues());
        String text = update.request().updateExpression();
        if (text.startsWith("SET #holder")) {
            claimed(name, Objects.requireNonNull(id), now);
        } else if (text.startsWith(BURY)) {
            buried(name, id, before, now);
        } else {
            byLatest(name, Objects.requireNonNull(id), !text.startsWith(ClaimExpressions.RENEW));
            if (text.startsWith(ClaimExpressions.KEEP)) {
                kept++;
                deliveries.remove(name);
            }
        }
    }

    private void claimed(String name, String id, Map<String, AttributeValue> now) {
        if (!claims.add(id)) {
            broke(Rule.LATEST_CLAIM_ONLY, name + " claimed twice by " + id);
        }
        long token = number(now, LockAttributes.FENCE);
        if (token <= tokens.getOrDefault(name, 0L)) {
            broke(Rule.FENCED, name + ": token " + token + " after " + tokens.get(name));
        }
        tokens.put(name, token);
        latest.put(name, id);
    }

    private void byLatest(String name, String id, boolean ends) {
        if (!id.equals(latest.get(name)) || ended.contains(id)) {
            broke(Rule.LATEST_CLAIM_ONLY, name + " written by " + id + " after " + latest.get(name));
        }
        if (ends) {
            ended.add(id);
        }
    }

    private void deleted(String name, String id, Map<String, AttributeValue> before) {
        deleted++;
        byLatest(name, id, true);
        Delivery delivery = byClaim.get(id);
        if (delivery == null || !delivery.succeeded) {
            broke(Rule.NO_CHANGE_LOST, name + " deleted without success");
        } else if (!delivery.content.equals(text(before, "payload"))) {
            broke(Rule.NO_CHANGE_LOST, name + " deleted with an unseen change " + text(before, "payload"));
        }
    }

    private void buried(
            String name, @Nullable String id, Map<String, AttributeValue> before, Map<String, AttributeValue> now) {
        dead++;
        Delivery delivery = id == null ? null : byClaim.get(id);
        if (id != null) {
            byLatest(name, id, true);
        }
        boolean rejected = delivery != null && delivery.rejected;
        if (!rejected && number(before, QueueAttributes.COUNT) < settings.maxDeliveries()) {
            broke(Rule.DEAD_FOR_A_REASON, name + " dead after " + number(before, QueueAttributes.COUNT));
        }
        if (!text(before, "payload").equals(text(now, "payload"))) {
            broke(Rule.NO_CHANGE_LOST, name + ": the dead copy lacks a change");
        }
        // A claim that a wrong clock has seen run out may still be delivered. It belongs to the life before.
        latest.remove(name);
    }

    /** An item is delivered. Its route sees it from now on. */
    Delivery delivered(Claim claim, @Nullable Map<String, AttributeValue> stored, long now) {
        delivered++;
        Delivery delivery = new Delivery(claim, SimulatedTable.name(claim.key()));
        Delivery other = inFlight.get(delivery.name);
        if (clocksAreRight && other != null && !other.ended && other.deadline - now > 0) {
            broke(Rule.IN_FLIGHT_ONCE, delivery.name + " by " + claim.id() + " and " + other.claim.id());
        }
        inFlight.put(delivery.name, delivery);
        byClaim.put(claim.id(), delivery);
        if (claim.id().equals(latest.get(delivery.name))) {
            counted(delivery, stored);
        }
        return delivery;
    }

    /** By a wrong clock, an earlier claim may be delivered after a later one. Then its count is another one. */
    private void counted(Delivery delivery, @Nullable Map<String, AttributeValue> stored) {
        long count = delivery.claim.deliveries();
        boolean before = stored == null || number(stored, QueueAttributes.COUNT) >= count;
        boolean first = deliveries
                .computeIfAbsent(delivery.name, none -> new HashSet<>())
                .add(count);
        if (!before || !first || count > settings.maxDeliveries()) {
            broke(Rule.COUNTED, delivery.name + ": delivery " + count + (first ? " is not counted" : " again"));
        }
    }

    /** A route has written an item under the token of its claim. */
    void fencedWrite(Delivery delivery) {
        if (!delivery.claim.id().equals(latest.get(delivery.name))) {
            broke(Rule.FENCED, delivery.name + " written by " + delivery.claim.id());
        }
    }

    /** An ordinary program has changed an item. If it was dead, its deliveries begin again. */
    void changed(String name, boolean wasDead) {
        if (wasDead) {
            deliveries.remove(name);
        }
    }

    private static @Nullable String id(Map<String, AttributeValue> values) {
        AttributeValue id = values.get(":me");
        return id == null ? null : id.s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return SimulatedTable.text(item, name);
    }
}
