/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.group.GroupOracle.Rule;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One history of a consumer group, made from a seed: members that come, pause, crash and go, a network that loses,
 * delays and repeats, items that appear, and a clock that jumps from event to event. After a while all faults end. Then
 * the group has to balance itself, to stay quiet, to survive a stop, a crash and a start in time, and to have read
 * everything.
 */
final class GroupHistory {

    static final Duration LEASE = Duration.ofSeconds(3);
    static final Duration INTERVAL = Duration.ofSeconds(1);
    static final Duration WATCH = Duration.ofMillis(200);
    static final Duration SKEW = Duration.ofMillis(900);
    private static final long FAULTS_END = 10_000;
    private static final long SETTLED = LEASE.toMillis() + SKEW.toMillis() + 4 * INTERVAL.toMillis();
    private static final long LONGEST_PAUSE = 6_000;
    private static final long NETWORK = 200;
    private static final int ATTEMPTS = 3;
    private static final long EPOCH = 1_772_366_400_000L;

    final Random random;
    final GroupFlaw flaw;
    final GroupOracle oracle;
    final SimulatedGroup group;
    private final boolean clocksAreRight;
    private final int count;
    private final List<String> partitions;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    /** What is to run now, after all events of this time. */
    private final Deque<Runnable> ready = new ArrayDeque<>();

    private final List<SimulatedMember> members = new ArrayList<>();
    private final Map<String, Integer> sizes = new HashMap<>();
    long now;
    private long order;
    private int ids;
    private int joined;
    private boolean healed;
    private boolean quiet;
    private boolean over;

    private record Event(long at, long order, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    /** A history that has not begun. In one of four, clocks are as wrong as can be. */
    GroupHistory(long seed, GroupFlaw flaw) {
        this.random = TestSeed.random(seed);
        this.flaw = flaw;
        this.clocksAreRight = random.nextInt(4) > 0;
        this.count = 2 + random.nextInt(5);
        this.partitions =
                IntStream.range(0, count).mapToObj(number -> "p" + number).toList();
        this.oracle = new GroupOracle(clocksAreRight);
        this.group = new SimulatedGroup(oracle);
        partitions().forEach(partition -> sizes.put(partition, 5));
    }

    GroupSettings settings(String member) {
        return new GroupSettings(
                "shipping",
                member,
                "named partitions",
                LEASE,
                INTERVAL,
                WATCH,
                flaw == GroupFlaw.ACQUIRE_WITHOUT_SKEW ? Duration.ZERO : SKEW,
                Integer.MAX_VALUE,
                false);
    }

    List<String> partitions() {
        return partitions;
    }

    int size(String partition) {
        return sizes.getOrDefault(partition, 0);
    }

    int nextId() {
        return ids++;
    }

    /** How long an exchange takes. */
    long duration() {
        return !healed && random.nextInt(8) == 0
                ? random.nextInt(random.nextInt(4) == 0 ? 12_000 : 3_000)
                : random.nextInt(60);
    }

    /** Runs it, and returns what it has broken. */
    Map<Rule, String> run() {
        for (int number = 0; number < 3; number++) {
            join();
        }
        disturb();
        append();
        at(FAULTS_END, this::heal);
        while (oracle.broken().isEmpty() && !over) {
            next().run();
        }
        return oracle.broken();
    }

    private Runnable next() {
        Event event = events.peek();
        if (event == null || (event.at() > now && !ready.isEmpty())) {
            return ready.remove();
        }
        events.remove();
        now = event.at();
        return event.run();
    }

    void at(long time, Runnable run) {
        if (time <= now) {
            ready.add(run);
        } else {
            events.add(new Event(time, order++, run));
        }
    }

    /** Clocks of two members differ by less than the allowance, or by minutes. Some have large steps. */
    private void join() {
        long most = clocksAreRight ? SKEW.toMillis() / 2 - 20 : 120_000;
        long extreme = random.nextBoolean() ? most : -most;
        long offset = random.nextBoolean() && clocksAreRight
                ? extreme
                : healed && !clocksAreRight ? 0 : random.nextLong(2 * most + 1) - most;
        SimulatedMember member =
                new SimulatedMember(this, "m" + joined++, EPOCH + offset, random.nextBoolean() ? 1 : 16);
        members.add(member);
        member.begin();
    }

    private SimulatedMember any() {
        return members.get(random.nextInt(members.size()));
    }

    private void disturb() {
        if (healed) {
            return;
        }
        switch (random.nextInt(8)) {
            case 0 -> crash();
            case 1 -> leave();
            case 2, 3 -> any().pause(random.nextLong(LONGEST_PAUSE));
            case 4 -> suspend();
            case 5, 6 -> any().cutOff(random.nextLong(LONGEST_PAUSE));
            default -> {
                if (members.size() < 5) {
                    join();
                }
            }
        }
        at(now + 100 + random.nextInt(1_200), this::disturb);
    }

    private void suspend() {
        SimulatedMember member = any();
        member.run(member.member::suspend);
        at(now + random.nextInt(3_000), () -> member.run(member.member::resume));
    }

    private void crash() {
        SimulatedMember member = any();
        member.crash();
        replace(member);
    }

    private void leave() {
        SimulatedMember member = any();
        member.run(member::leave);
        replace(member);
    }

    private void replace(SimulatedMember member) {
        members.remove(member);
        if (members.isEmpty()) {
            join();
        } else if (!healed) {
            at(now + random.nextInt(2_000), () -> {
                if (members.size() < 5) {
                    join();
                }
            });
        }
    }

    private void append() {
        if (healed) {
            return;
        }
        partitions().forEach(partition -> sizes.merge(partition, random.nextInt(8), Integer::sum));
        at(now + 500 + random.nextInt(500), this::append);
    }

    private void heal() {
        healed = true;
        members.forEach(member -> member.pause(0));
        if (!clocksAreRight) {
            // What a wrong clock has written, observation alone gets over.
            List.copyOf(members).forEach(SimulatedMember::crash);
            members.clear();
            join();
        }
        while (members.size() < 3) {
            join();
        }
        if (flaw.showsInFaults()) {
            at(now + LONGEST_PAUSE, () -> over = true);
        }
        // A member that stood still may have been resumed before it was suspended.
        at(now + LONGEST_PAUSE, () -> members.forEach(member -> member.member.resume()));
        at(now + LONGEST_PAUSE + SETTLED, this::rest);
    }

    /** In a quiet time nothing moves, and nothing is refused. */
    private void rest() {
        checkBalance("after the faults");
        quiet = true;
        int acquired = oracle.acquired;
        at(now + 5 * INTERVAL.toMillis(), () -> {
            quiet = false;
            if (oracle.acquired != acquired) {
                oracle.broke(Rule.BALANCE, (oracle.acquired - acquired) + " moves while balanced");
            }
            stopOne();
        });
    }

    private void stopOne() {
        SimulatedMember member = any();
        members.remove(member);
        int owned = member.member.readable().size();
        int acquired = oracle.acquired;
        member.leave();
        at(now + WATCH.toMillis() + NETWORK, () -> {
            checkHeld("after a stop");
            at(now + 3 * INTERVAL.toMillis(), () -> {
                checkBalance("after a stop");
                if (oracle.acquired - acquired != owned) {
                    oracle.broke(Rule.BALANCE, (oracle.acquired - acquired) + " moves, " + owned + " left behind");
                }
                crashOne();
            });
        });
    }

    private void crashOne() {
        SimulatedMember member = any();
        members.remove(member);
        member.crash();
        long most = LEASE.toMillis() + SKEW.toMillis() * 2 + INTERVAL.toMillis() + NETWORK;
        at(now + most, () -> {
            checkHeld("after a crash");
            at(now + 2 * INTERVAL.toMillis(), () -> {
                checkBalance("after a crash");
                startOne();
            });
        });
    }

    private void startOne() {
        join();
        // A new member takes those for living whose wrong clocks have promised that, until it has observed them.
        long most = 3 * INTERVAL.toMillis() + (clocksAreRight ? 0 : LEASE.toMillis());
        at(now + most, () -> {
            checkBalance("after a start");
            partitions().forEach(this::checkRead);
            members.forEach(this::checkHeard);
            over = true;
        });
    }

    private void checkRead(String partition) {
        if (oracle.processed(partition) < size(partition)) {
            oracle.broke(
                    Rule.NOTHING_SKIPPED,
                    partition + " read up to " + oracle.processed(partition) + " of " + size(partition));
        }
    }

    /** What a member has heard of does not stay in its item. */
    private void checkHeard(SimulatedMember member) {
        Map<String, AttributeValue> item = group.member(member.name);
        if (item.containsKey(GroupExpressions.GIVEN)) {
            oracle.broke(Rule.FORGOTTEN, member.name + ": " + item.get(GroupExpressions.GIVEN));
        }
    }

    private Map<String, Integer> shares() {
        Map<String, Integer> shares = new HashMap<>();
        members.forEach(
                member -> shares.put(member.name, member.member.readable().size()));
        return shares;
    }

    /** Every partition is held by a living member, or on its way from one to another. */
    private void checkHeld(String when) {
        for (String partition : partitions()) {
            Map<String, AttributeValue> lease = group.lease(partition);
            String owner = lease == null ? null : GroupOracle.text(lease, "_dsowner");
            String keptFor = lease == null ? null : GroupOracle.text(lease, GroupExpressions.FOR);
            boolean held =
                    members.stream().anyMatch(member -> member.name.equals(owner) || member.name.equals(keptFor));
            if (!held) {
                oracle.broke(Rule.IN_TIME, partition + " is left " + when + " at " + now + ": " + lease);
            }
        }
    }

    /** Every partition is held by a living member, and the shares are even. */
    private void checkBalance(String when) {
        Map<String, Integer> shares = shares();
        int sum = shares.values().stream().mapToInt(Integer::intValue).sum();
        int least = shares.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        int most = shares.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (sum != count) {
            oracle.broke(Rule.IN_TIME, count + " partitions " + when + ": " + shares + " at " + now);
        }
        if (most - least > 1) {
            oracle.broke(Rule.BALANCE, when + ": " + shares);
        }
    }

    /** A read of one item, as {@link #read}. */
    void readOne(
            SimulatedMember reader,
            Map<String, AttributeValue> key,
            CompletableFuture<Map<String, AttributeValue>> result) {
        read(reader, result, () -> group.item(key, !healed && random.nextInt(3) == 0));
    }

    /** A read of the group: late, lost or stale while there are faults. */
    void read(SimulatedMember reader, CompletableFuture<List<Map<String, AttributeValue>>> result) {
        read(reader, result, () -> healed ? group.all() : group.stale(() -> random.nextInt(3)));
    }

    private <T> void read(SimulatedMember reader, CompletableFuture<T> result, Supplier<T> service) {
        int fate = healed ? 9 : reader.isCutOff() ? 0 : random.nextInt(10);
        if (fate == 0) {
            at(
                    now + 900,
                    () -> reader.run(() -> result.completeExceptionally(new IllegalStateException("no response"))));
            return;
        }
        at(now + 1 + random.nextInt(10), () -> {
            T seen = service.get();
            long back = 1L + random.nextInt(fate == 1 ? 3_000 : 10);
            at(now + back, () -> reader.run(() -> result.complete(seen)));
        });
    }

    /**
     * Sends a write as the SDK does: several attempts, each lost on the way there or back, late, or applied twice.
     *
     * @param response what happens at the sender with the result
     */
    void send(SimulatedMember sender, UpdateItemRequest request, Consumer<GroupWrite> response) {
        attempt(sender, request, response, 1);
    }

    private void attempt(SimulatedMember sender, UpdateItemRequest request, Consumer<GroupWrite> response, int number) {
        int fate = healed ? 19 : sender.isCutOff() ? 0 : random.nextInt(20);
        long there = now + 1 + random.nextInt(8);
        if (fate < 2) {
            // Lost, or so it seems: it may still arrive much later.
            if (random.nextBoolean()) {
                at(now + random.nextInt(9_000), () -> group.apply(request));
            }
            timedOut(sender, request, response, number);
        } else if (fate < 4) {
            at(there, () -> group.apply(request));
            timedOut(sender, request, response, number);
        } else {
            if (fate < 7) {
                at(now + random.nextInt(fate == 4 ? 9_000 : 40), () -> group.apply(request));
            }
            long back = 1L + random.nextInt(fate == 7 ? 6_000 : 8);
            at(there, () -> {
                GroupWrite result = group.apply(request);
                boolean refused = result instanceof GroupWrite.Refused;
                if (quiet && refused) {
                    oracle.broke(Rule.NOTHING_REFUSED, request.updateExpression());
                }
                GroupWrite seen = number > 1 && result instanceof GroupWrite.Refused one
                        ? new GroupWrite.Refused(one.found(), true)
                        : result;
                at(now + back, () -> sender.run(() -> response.accept(seen)));
            });
        }
    }

    private void timedOut(
            SimulatedMember sender, UpdateItemRequest request, Consumer<GroupWrite> response, int number) {
        at(
                now + 250,
                () -> sender.run(() -> {
                    if (number < ATTEMPTS) {
                        attempt(sender, request, response, number + 1);
                    } else {
                        response.accept(new GroupWrite.Failed(new IllegalStateException("no response"), true));
                    }
                }));
    }
}
