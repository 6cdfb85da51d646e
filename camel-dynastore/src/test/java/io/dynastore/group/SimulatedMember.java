/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ClockReading;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** A member in a {@link GroupHistory}: the real {@link GroupMember}, and a consumer that reads its partitions. */
final class SimulatedMember implements GroupRuntime, GroupTable {

    private static final int PAGE = 4;
    private static final long BEGINNING = Long.MAX_VALUE - 10_000_000_000L;

    final String name;
    final GroupMember member;
    private final GroupHistory history;
    private final long epoch;
    private final long precision;
    private final Set<String> reading = new HashSet<>();
    private final Map<String, PartitionLease> latest = new HashMap<>();
    private boolean gone;
    private long pausedUntil;
    private long cutOffUntil;

    /**
     * A member that has not begun.
     *
     * @param epoch what its wall clock shows at the beginning of the history, in milliseconds since 1970
     * @param precision the steps of its wall clock, in milliseconds
     */
    SimulatedMember(GroupHistory history, String name, long epoch, long precision) {
        this.history = history;
        this.name = name;
        this.epoch = epoch;
        this.precision = precision;
        GroupSettings settings = history.settings(name);
        this.member = new GroupMember(
                new GroupContext(settings, new GroupRequests(SimulatedGroup.SCHEMA, settings), this, this));
    }

    void begin() {
        member.name(history.partitions());
        member.start();
        poll();
    }

    /** Ends without a word. */
    void crash() {
        gone = true;
    }

    boolean gone() {
        return gone;
    }

    /** Gives all up, and leaves. */
    void leave() {
        CompletableFuture<?> unused =
                member.leave().thenCompose(left -> member.told()).thenRun(() -> gone = true);
    }

    /** Stands still for this time, in milliseconds. What should run meanwhile runs afterwards. */
    void pause(long millis) {
        pausedUntil = history.now + millis;
    }

    /** Has no network for this time, in milliseconds. */
    void cutOff(long millis) {
        cutOffUntil = history.now + millis;
    }

    boolean isCutOff() {
        return history.now < cutOffUntil;
    }

    /** Runs this here and now, or when the pause is over; never after the end. */
    void run(Runnable task) {
        if (gone) {
            return;
        }
        if (history.now < pausedUntil) {
            history.at(pausedUntil, () -> run(task));
            return;
        }
        task.run();
    }

    @Override
    public ClockReading now() {
        long shown = epoch + history.now;
        return new ClockReading(Instant.ofEpochMilli(shown - shown % precision), BEGINNING + history.now * 1_000_000);
    }

    @Override
    public boolean clockTrusted() {
        return true;
    }

    @Override
    public RandomGenerator random() {
        return history.random;
    }

    @Override
    public String id() {
        return name + "/" + history.nextId();
    }

    @Override
    public void execute(Runnable task) {
        history.at(history.now, () -> run(task));
    }

    @Override
    public void after(long nanos, Runnable task) {
        history.at(history.now + (nanos + 999_999) / 1_000_000, () -> run(task));
    }

    @Override
    public CompletableFuture<GroupWrite> write(UpdateItemRequest request) {
        CompletableFuture<GroupWrite> written = new CompletableFuture<>();
        history.send(this, history.flaw.tampered(request), written::complete);
        return written;
    }

    @Override
    public CompletableFuture<List<Map<String, AttributeValue>>> items() {
        CompletableFuture<List<Map<String, AttributeValue>>> read = new CompletableFuture<>();
        history.read(this, read);
        return read;
    }

    @Override
    public CompletableFuture<Map<String, AttributeValue>> item(Map<String, AttributeValue> key) {
        CompletableFuture<Map<String, AttributeValue>> read = new CompletableFuture<>();
        history.readOne(this, key, read);
        return read;
    }

    @Override
    public CompletableFuture<Void> remove(Map<String, AttributeValue> key) {
        history.at(history.now + 1, () -> history.group.remove(key));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<@Nullable String> position(String partition) {
        return CompletableFuture.completedFuture(null);
    }

    private void poll() {
        member.readable().forEach((partition, lease) -> {
            latest.put(partition, lease);
            if (!reading.contains(partition) && (history.flaw == GroupFlaw.HAND_OVER_BEFORE_DRAIN || lease.enter())) {
                reading.add(partition);
                read(lease, lease.position() == null ? 0 : Integer.parseInt(lease.position()));
            }
        });
        history.at(history.now + 120 + history.random.nextInt(60), () -> run(this::poll));
    }

    /** Reads a page behind a position. */
    private void read(PartitionLease lease, int from) {
        int to = Math.min(from + PAGE, history.size(lease.partition()));
        if (from == to || !mayDeliver(lease)) {
            end(lease);
        } else if (history.flaw == GroupFlaw.POSITION_BEFORE_THE_ITEMS_ARE_DONE) {
            CompletableFuture<?> unused = lease.save(Integer.toString(to))
                    .whenComplete((saved, error) -> run(() -> deliver(lease, from, from, to)));
        } else {
            deliver(lease, from, from, to);
        }
    }

    private boolean mayDeliver(PartitionLease lease) {
        return history.flaw == GroupFlaw.DELIVERY_WITHOUT_DEADLINE_CHECK || lease.mayDeliver();
    }

    private void deliver(PartitionLease lease, int begun, int index, int to) {
        if (index == to || !mayDeliver(lease)) {
            checkpoint(lease, begun, index);
            return;
        }
        history.oracle.delivered(lease.partition(), lease.id(), index, history.group.lease(lease.partition()));
        history.at(
                history.now + history.duration(),
                () -> run(() -> {
                    history.oracle.processed(lease.partition(), index);
                    deliver(lease, begun, index + 1, to);
                }));
    }

    private void checkpoint(PartitionLease lease, int begun, int index) {
        if (begun == index) {
            end(lease);
            return;
        }
        PartitionLease saving = history.flaw == GroupFlaw.POSITION_SAVED_UNDER_A_LATER_LEASE
                ? latest.getOrDefault(lease.partition(), lease)
                : lease;
        CompletableFuture<?> unused = saving.save(Integer.toString(index))
                .whenComplete((saved, error) -> run(() -> {
                    if (error == null) {
                        read(lease, index);
                    } else {
                        end(lease);
                    }
                }));
    }

    private void end(PartitionLease lease) {
        reading.remove(lease.partition());
        lease.leave();
    }
}
