/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.lease.ClockReading;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** A member whose requests are counted, throw instead of failing, or take long. Its clock jumps from task to task. */
class GroupErrorsTest implements GroupRuntime, GroupTable {

    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private record Task(long at, int order, Runnable run) {}

    private final Random random = TestSeed.random();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::order));
    private final SimulatedGroup group = new SimulatedGroup(new GroupOracle(true));
    private final Set<String> throwing = new HashSet<>();
    private final Set<String> unanswered = new HashSet<>();
    private final List<String> sent = new ArrayList<>();
    private final GroupSettings settings = settings("m", Duration.ZERO);
    private final GroupMember member =
            new GroupMember(new GroupContext(settings, new GroupRequests(SimulatedGroup.SCHEMA, settings), this, this));
    private List<Map<String, AttributeValue>> strange = List.of();
    private long nanos;
    private int order;
    private int thrown;
    private Duration slowRenewal = Duration.ZERO;
    private int renewals;

    private static GroupSettings settings(String name, Duration watch) {
        return new GroupSettings(
                "shipping",
                name,
                "named partitions",
                LEASE,
                INTERVAL,
                watch,
                Duration.ofMillis(500),
                Integer.MAX_VALUE,
                false);
    }

    @BeforeEach
    void start() {
        member.name(List.of("a"));
        member.start();
        pass(INTERVAL);
        assertThat(member.readable()).containsKey("a");
    }

    /** Runs what is due within this time. */
    private void pass(Duration time) {
        long end = nanos + time.toNanos();
        for (Task task = tasks.peek(); task != null && task.at() <= end; task = tasks.peek()) {
            tasks.remove(task);
            nanos = Math.max(nanos, task.at());
            try {
                task.run().run();
            } catch (IllegalStateException | NumberFormatException e) {
                thrown++;
            }
        }
        nanos = end;
    }

    private void send(String what) {
        sent.add(what);
        if (throwing.contains(what)) {
            throw new IllegalStateException(what);
        }
    }

    @Test
    void looksGoOnAfterOneThatThrows() {
        throwing.add("look");
        pass(INTERVAL.multipliedBy(4));
        assertThat(thrown).isPositive();
        assertThat(member.failure()).hasMessage("look");
        throwing.clear();
        member.name(List.of("a", "b"));
        pass(INTERVAL);

        assertThat(member.failure()).isNull();
        assertThat(member.readable()).containsOnlyKeys("a", "b");
    }

    @Test
    void looksGoOnAfterOneThatCanNotBeUnderstood() {
        strange = List.of(Map.of(
                "id", AttributeValue.fromS("_ds/group/shipping"),
                "name", AttributeValue.fromS("lease/a"),
                "version", AttributeValue.fromN("no number")));
        pass(INTERVAL.multipliedBy(2));
        assertThat(thrown).isPositive();
        strange = List.of();
        sent.clear();
        pass(INTERVAL.multipliedBy(2));

        assertThat(sent).contains("look");
        assertThat(member.failure()).isNull();
    }

    @Test
    void looksGoOnAfterASignOfLifeThatThrows() {
        throwing.add("beat");
        pass(INTERVAL.multipliedBy(2));
        assertThat(thrown).isPositive();
        throwing.clear();
        sent.clear();
        pass(INTERVAL.multipliedBy(2));

        assertThat(sent).contains("beat", "look");
    }

    @Test
    void aLeaseWhoseRenewalsThrowEndsAtItsDeadline() {
        throwing.add("renewal");
        throwing.add("take");
        pass(LEASE);

        assertThat(thrown).isPositive();
        assertThat(member.readable()).isEmpty();
        assertThat(member.counters().lostTotal()).isEqualTo(1);
    }

    @Test
    void anIdleLeaseCostsNoMoreThanOneWriteInEachThirdOfIt() {
        int leases = 400;
        sent.clear();
        pass(LEASE.multipliedBy(leases));

        long written = sent.stream().filter("renewal"::equals).count();
        System.out.printf("%d renewals of a lease in %d times its length%n", written, leases);
        assertThat(written).isBetween(3L * leases * 4 / 5, 3L * leases);
    }

    @Test
    void aPositionThatIsSavedInTimeRenewsTheLease() {
        sent.clear();
        for (int number = 0; number < 100; number++) {
            CompletableFuture<Void> saved = lease().save(Integer.toString(number));
            pass(LEASE.dividedBy(4));
            assertThat(saved).isCompleted();
        }

        assertThat(sent).filteredOn("renewal"::equals).hasSize(100);
        assertThat(lease().position()).isEqualTo("99");
    }

    @Test
    void aLeaseIsKeptThoughTwoAttemptsOfEverySecondRenewalTimeOut() {
        PartitionLease lease = lease();
        slowRenewal = LEASE.dividedBy(4).multipliedBy(2).plusMillis(100);
        pass(LEASE.multipliedBy(200));

        assertThat(lease()).isSameAs(lease);
        assertThat(member.counters().lostTotal()).isZero();
    }

    /** Another member of the group, which gives one sign of life. */
    private GroupRequests other() {
        GroupRequests other = new GroupRequests(SimulatedGroup.SCHEMA, settings("n", Duration.ZERO));
        group.apply(other.beat(Integer.MAX_VALUE, 1, true, Set.of(), now()));
        return other;
    }

    @Test
    void whatIsKeptForAMemberIsTakenAtTheNextLookAfterThatMemberHasDied() {
        GroupRequests other = other();
        group.apply(other.leases().acquire("b", "lease of n", null, GroupRules.Grounds.FREE, now()));
        group.apply(other.leases().free("b", "lease of n", 2, null, "n", now()));
        member.name(List.of("a", "b"));
        pass(INTERVAL.dividedBy(2));
        assertThat(member.readable()).containsOnlyKeys("a");
        group.remove(other.memberKey("n"));
        pass(INTERVAL);

        assertThat(member.readable()).containsOnlyKeys("a", "b");
    }

    @Test
    void whoHasHeardOfAFreedPartitionReadsItsItemAgainSoon() {
        Duration watch = INTERVAL.dividedBy(2);
        GroupSettings watches = settings("w", watch);
        GroupMember watching = new GroupMember(
                new GroupContext(watches, new GroupRequests(SimulatedGroup.SCHEMA, watches), this, this));
        watching.name(List.of("a"));
        watching.start();
        pass(watch.minusMillis(1));
        group.apply(other().give("w", List.of(new FreedPartition("z", 8))));
        pass(Duration.ofMillis(1));
        assertThat(sent).filteredOn("read"::equals).hasSize(1);
        pass(watch.dividedBy(4));

        assertThat(sent).filteredOn("read"::equals).hasSize(2);
        pass(watch);
        assertThat(sent).filteredOn("read"::equals).hasSize(3);
    }

    private PartitionLease lease() {
        return Objects.requireNonNull(member.readable().get("a"));
    }

    @Test
    void whatOthersHaveFreedForAMemberThatDoesNotReadItsItemIsRemovedByItsSignsOfLife() {
        group.apply(new GroupRequests(SimulatedGroup.SCHEMA, settings)
                .give("m", List.of(new FreedPartition("a", 7), new FreedPartition("z", 8))));
        assertThat(group.member("m")).containsKey("_dsgiven");
        pass(INTERVAL.multipliedBy(3));

        assertThat(group.member("m")).isNotEmpty().doesNotContainKey("_dsgiven");
        assertThat(member.readable()).containsOnlyKeys("a");
    }

    @Test
    void aMemberHasLeftWhenItsPartitionsAreFreeThoughNobodyCouldBeTold() {
        other();
        pass(INTERVAL);
        unanswered.add("word");
        CompletableFuture<Void> left = member.leave();
        pass(INTERVAL);

        assertThat(sent).contains("word");
        assertThat(left).isCompleted();
        assertThat(member.told()).isNotDone();
        member.close();
        pass(INTERVAL);
        assertThat(member.told()).isCompleted();
    }

    @Test
    void anErrorOfWhoIsToldOfTakenPartitionsKeepsNoneFromBeingTaken() {
        member.whenTaken(() -> {
            throw new IllegalStateException("poll");
        });
        List<String> many =
                IntStream.range(0, 60).mapToObj(number -> "p" + number).toList();
        member.name(many);
        pass(INTERVAL.multipliedBy(3));

        assertThat(thrown).isZero();
        assertThat(member.readable()).containsOnlyKeys(many);
        CompletableFuture<Void> left = member.leave();
        pass(INTERVAL);
        assertThat(left).isCompleted();
    }

    @Override
    public ClockReading now() {
        return new ClockReading(Instant.ofEpochMilli(1_772_366_400_000L).plusNanos(nanos), nanos);
    }

    @Override
    public boolean clockTrusted() {
        return true;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public String id() {
        return "lease " + order;
    }

    @Override
    public void execute(Runnable task) {
        after(0, task);
    }

    @Override
    public void after(long wait, Runnable task) {
        tasks.add(new Task(nanos + wait, order++, task));
    }

    @Override
    public CompletableFuture<GroupWrite> write(UpdateItemRequest request) {
        String update = request.updateExpression();
        String what = update.startsWith(GroupExpressions.BEAT)
                ? "beat"
                : update.contains("#fence") ? "take" : update.equals(GroupExpressions.GIVE) ? "word" : "renewal";
        send(what);
        CompletableFuture<GroupWrite> written = new CompletableFuture<>();
        if (!unanswered.contains(what)) {
            long takes = what.equals("renewal") && ++renewals % 2 == 0 ? slowRenewal.toNanos() : 0;
            after(takes, () -> written.complete(group.apply(request)));
        }
        return written;
    }

    @Override
    public CompletableFuture<List<Map<String, AttributeValue>>> items() {
        send("look");
        return CompletableFuture.completedFuture(strange.isEmpty() ? group.all() : strange);
    }

    @Override
    public CompletableFuture<Map<String, AttributeValue>> item(Map<String, AttributeValue> key) {
        send("read");
        return CompletableFuture.completedFuture(group.item(key, false));
    }

    @Override
    public CompletableFuture<Void> remove(Map<String, AttributeValue> key) {
        group.remove(key);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<@Nullable String> position(String partition) {
        return CompletableFuture.completedFuture(null);
    }
}
