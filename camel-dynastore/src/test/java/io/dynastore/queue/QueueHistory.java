/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.queue.QueueOracle.Rule;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.QueueAttributes;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One history of a queue, made from a seed: a table, members that come, pause, crash and go, a network that loses,
 * delays and repeats, ordinary programs that change items, and a clock that jumps from event to event. After a while
 * all faults end. Then every item has to be done or dead in time.
 */
final class QueueHistory {

    static final Duration TTL = Duration.ofSeconds(3);
    static final Duration SKEW = Duration.ofMillis(400);
    static final long POLL = 250;
    private static final long FAULTS_END = 15_000;
    private static final long END = FAULTS_END + 400_000;
    private static final int ATTEMPTS = 3;
    private static final long EPOCH = 1_772_366_400_000L;

    final Random random;
    final Broken broken;
    final ClaimSettings settings;
    final QueueOracle oracle;
    final SimulatedTable table;
    private final boolean clocksAreRight;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<QueueMember> members = new ArrayList<>();
    private final Map<String, Long> claimableSince = new HashMap<>();
    long now;
    private long order;
    private int changes;
    private int created;
    private boolean healed;

    private record Event(long at, long order, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    /** A history that has not begun. In one of four, clocks are as wrong as can be. */
    QueueHistory(long seed, Broken broken) {
        this.random = TestSeed.random(seed);
        this.broken = broken;
        this.clocksAreRight = random.nextInt(4) > 0;
        this.settings = new ClaimSettings(
                "member",
                TTL,
                broken == Broken.CLAIM_WITHOUT_SKEW ? Duration.ZERO : SKEW,
                3,
                new RetryDelays(Duration.ofMillis(200), 2, Duration.ofSeconds(1)),
                random.nextBoolean() ? new ClaimIndex("due", 2) : null,
                random.nextBoolean() ? AttributeValue.fromS("dead") : null);
        this.oracle = new QueueOracle(settings, clocksAreRight);
        this.table = new SimulatedTable(oracle);
    }

    /** Runs it, and returns what it has broken. */
    Map<Rule, String> run() {
        for (int number = 0; number < 5; number++) {
            create();
        }
        for (int number = 0; number < 3; number++) {
            join();
        }
        disturb();
        at(FAULTS_END, this::heal);
        while (!events.isEmpty() && oracle.broken().isEmpty() && now <= END && !settled()) {
            Event event = events.poll();
            now = event.at();
            event.run().run();
        }
        if (oracle.broken().isEmpty() && !settled()) {
            oracle.broke(Rule.COMES_AGAIN, "left over: " + table.all());
        }
        return oracle.broken();
    }

    /** Whether the faults have ended, and every item is done or dead. */
    private boolean settled() {
        return healed && table.all().stream().allMatch(item -> isDead(new QueueItem(SimulatedTable.SCHEMA, item)));
    }

    boolean faulty() {
        return !healed;
    }

    void at(long time, Runnable run) {
        events.add(new Event(Math.max(time, now), order++, run));
    }

    private void create() {
        int number = created++;
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("id", AttributeValue.fromS("jobs"));
        item.put("name", AttributeValue.fromS("job-%02d".formatted(number)));
        item.put("payload", AttributeValue.fromS((random.nextInt(8) == 0 ? "poison " : "job ") + number));
        if (random.nextInt(3) > 0) {
            item.put("version", AttributeValue.fromN("1"));
        }
        ClaimIndex index = random.nextInt(4) > 0 ? settings.index() : null;
        boolean delayed = random.nextInt(4) == 0;
        if (index != null) {
            item.put(QueueAttributes.SHARD, index.shard(SimulatedTable.SCHEMA, item));
        }
        if (index != null || delayed) {
            long delay = delayed ? random.nextInt(5_000) : 0;
            item.put(QueueAttributes.FROM, AttributeValue.fromN(Long.toString(EPOCH + now + delay)));
        }
        table.put(item);
    }

    /** Clocks of two members differ by less than the allowance, or by minutes. */
    private void join() {
        long most = clocksAreRight ? SKEW.toMillis() / 2 : 120_000;
        long offset = faulty() || clocksAreRight ? random.nextLong(2 * most + 1) - most : 0;
        QueueMember member = new QueueMember(this, EPOCH + offset);
        members.add(member);
        member.begin();
    }

    private void disturb() {
        if (!faulty()) {
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> crash(members.get(random.nextInt(members.size())));
            case 1, 2 -> members.get(random.nextInt(members.size())).pause(random.nextInt(8_000));
            case 3, 4 -> change();
            default -> create();
        }
        at(now + 100 + random.nextInt(600), this::disturb);
    }

    void crash(QueueMember member) {
        member.crash();
        members.remove(member);
        at(now + random.nextInt(2_000), this::join);
        if (members.isEmpty()) {
            join();
        }
    }

    /** An ordinary program changes an item, claimed or not, and raises its version. */
    private void change() {
        List<Map<String, AttributeValue>> all = table.all();
        if (all.isEmpty()) {
            return;
        }
        Map<String, AttributeValue> item = new HashMap<>(all.get(random.nextInt(all.size())));
        QueueItem before = new QueueItem(SimulatedTable.SCHEMA, item);
        if (SimulatedTable.name(item).startsWith("dead/")) {
            return;
        }
        oracle.changed(SimulatedTable.name(item), before.dead());
        item.put("payload", AttributeValue.fromS("job changed " + changes++));
        item.put("version", AttributeValue.fromN(Long.toString(before.versionNumber() + 1)));
        table.put(item);
    }

    private void heal() {
        healed = true;
        members.forEach(member -> member.pause(0));
        if (!clocksAreRight) {
            // Nobody promises when an item comes again whose claim a wrong clock has written.
            List.copyOf(members).forEach(QueueMember::crash);
            members.clear();
            at(now + 300_000, () -> {
                join();
                join();
            });
            return;
        }
        join();
        join();
        at(now, this::watch);
    }

    /** After the faults: an item that can be claimed is claimed in time. */
    private void watch() {
        for (Map<String, AttributeValue> attributes : table.all()) {
            QueueItem item = new QueueItem(SimulatedTable.SCHEMA, attributes);
            String name = SimulatedTable.name(attributes);
            boolean waiting = !isDead(item)
                    && item.until() + SKEW.toMillis() < EPOCH + now - SKEW.toMillis()
                    && item.from() < EPOCH + now - SKEW.toMillis();
            if (!waiting) {
                claimableSince.remove(name);
            } else if (now - claimableSince.computeIfAbsent(name, first -> now) > (indexed(item) ? 8 : 24) * POLL) {
                oracle.broke(Rule.COMES_AGAIN, name + " waits since " + claimableSince.get(name));
            }
        }
        at(now + POLL, this::watch);
    }

    /** If an item is not in the index, it is found by one poll of a few. */
    private boolean indexed(QueueItem item) {
        return settings.index() == null || item.attributes().containsKey(QueueAttributes.SHARD);
    }

    private static boolean isDead(QueueItem item) {
        return item.dead() || SimulatedTable.name(item.attributes()).startsWith("dead/");
    }

    /**
     * Sends a write as the SDK does: several attempts, each lost on the way there or back, late, or applied twice.
     *
     * @param response what happens at the sender with the result
     */
    void send(QueueMember sender, ClaimWrite write, Consumer<WriteResult> response) {
        attempt(sender, broken.tampered(write), response, 1, false);
    }

    private void attempt(
            QueueMember sender, ClaimWrite write, Consumer<WriteResult> response, int number, boolean ambiguous) {
        int fate = faulty() ? random.nextInt(20) : 19;
        long there = now + 1 + random.nextInt(20);
        if (fate < 2) {
            // Lost, or so it seems: it may still arrive much later.
            if (random.nextBoolean()) {
                at(now + random.nextInt(9_000), () -> table.apply(write));
            }
            timedOut(sender, write, response, number);
        } else if (fate < 4) {
            at(there, () -> table.apply(write));
            timedOut(sender, write, response, number);
        } else {
            if (fate == 4 || fate == 5) {
                at(now + random.nextInt(9_000), () -> table.apply(write));
            }
            long back = 1L + random.nextInt(fate == 6 ? 6_000 : 20);
            at(there, () -> {
                WriteResult result = table.apply(write);
                WriteResult seen = ambiguous && result instanceof WriteResult.Refused refused
                        ? new WriteResult.Refused(refused.found(), true)
                        : result;
                at(now + back, () -> sender.run(() -> response.accept(seen)));
            });
        }
    }

    private void timedOut(QueueMember sender, ClaimWrite write, Consumer<WriteResult> response, int number) {
        at(
                now + 300,
                () -> sender.run(() -> {
                    if (number < ATTEMPTS) {
                        attempt(sender, write, response, number + 1, true);
                    } else {
                        response.accept(new WriteResult.Failed(new IllegalStateException("no response"), true));
                    }
                }));
    }

    @Nullable
    Map<String, AttributeValue> stored(String name) {
        return table.get(name);
    }
}
