/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.lease.ServiceClock;
import io.dynastore.lease.Ticker;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.TableSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * A consumer group as an operator sees it: its members and partitions, and the checkpoints while nobody holds them. It
 * is no member itself. Thread safe; nothing here waits.
 *
 * <p>Futures complete on the threads of the client. They fail with the client's error if the table can't be read or
 * written.
 */
public final class DynaStoreGroup {

    private static final Duration LEASE = Duration.ofSeconds(30);

    /** As the option {@code clockSkew} of consumers is by default. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(2);

    private final GroupRequests requests;
    private final GroupClient client;
    private final ServiceClock clock;
    private final Duration clockSkew;

    private DynaStoreGroup(GroupRequests requests, GroupClient client, ServiceClock clock, Duration clockSkew) {
        this.requests = requests;
        this.client = client;
        this.clock = clock;
        this.clockSkew = clockSkew;
    }

    /**
     * A group. Clocks may differ by 2 seconds.
     *
     * @param client sends the requests; the caller closes it
     * @param schema the table of the group's items: the consumed table, or its {@code stateTable}
     * @param group the name of the group
     * @throws InvalidInputException if the table has no sort key
     */
    public static DynaStoreGroup of(DynamoDbAsyncClient client, TableSchema schema, String group) {
        return of(client, schema, group, CLOCK_SKEW);
    }

    /**
     * The same with another allowance for clocks.
     *
     * @param clockSkew as the option {@code clockSkew} of the members
     */
    public static DynaStoreGroup of(DynamoDbAsyncClient client, TableSchema schema, String group, Duration clockSkew) {
        return of(client, schema, group, clockSkew, Clock.systemUTC());
    }

    /** The same with another clock of the host. */
    static DynaStoreGroup of(
            DynamoDbAsyncClient client, TableSchema schema, String group, Duration clockSkew, Clock host) {
        if (schema.sortKey() == null) {
            throw new InvalidInputException("Table " + schema.table()
                    + ": a group keeps its items under a sort key, which this table does not have. Name its state"
                    + " table.");
        }
        GroupSettings settings = new GroupSettings(group, "", "", LEASE, LEASE, Duration.ZERO, clockSkew, 0, false);
        GroupRequests requests = new GroupRequests(schema, settings);
        ServiceClock clock = new ServiceClock(host, Ticker.system(), true);
        return new DynaStoreGroup(
                requests,
                new GroupClient(client, requests, LEASE, clock, partition -> CompletableFuture.completedFuture(null)),
                clock,
                clockSkew);
    }

    /**
     * A member of the group.
     *
     * @param name its name
     * @param until until when it counts as living unless it gives another sign of life, in milliseconds since 1970
     * @param maxPartitions the most partitions that it takes; 0 while it is suspended
     * @param kind what it shares, as "named partitions" or "8 segments"
     */
    public record Member(String name, long until, int maxPartitions, String kind) {}

    /**
     * A partition of the group that has been leased.
     *
     * @param name its name; a name over 512 bytes is shown as {@code sha256/<hash>}
     * @param owner the name of the member that has it; null if it is free
     * @param until the end of the lease, in milliseconds since 1970; 0 if it is free
     * @param token the fencing token of the latest lease
     * @param position the checkpoint; null if there is none
     * @param wantedBy the member that asks for it; null if none does
     */
    public record Partition(
            String name,
            @Nullable String owner,
            long until,
            long token,
            @Nullable String position,
            @Nullable String wantedBy) {}

    /** The members, by name. A member that has crashed is listed until its item is removed. */
    public CompletableFuture<List<Member>> members() {
        return items(item -> {
            MemberItem member = requests.member(item);
            return member == null ? null : new Member(member.name(), member.until(), member.most(), member.kind());
        });
    }

    /** The partitions that have ever been leased, by name. The read is eventually consistent. */
    public CompletableFuture<List<Partition>> partitions() {
        return items(item -> {
            LeaseItem lease = requests.lease(item);
            return lease == null
                    ? null
                    : new Partition(
                            lease.partition(),
                            lease.owner(),
                            lease.until(),
                            lease.fence(),
                            lease.position(),
                            lease.want());
        });
    }

    private <T> CompletableFuture<List<T>> items(
            java.util.function.Function<Map<String, AttributeValue>, @Nullable T> reading) {
        return client.items().thenApply(items -> items.stream()
                .flatMap(item -> Stream.ofNullable(reading.apply(item)))
                .toList());
    }

    /**
     * Asks the owner of a partition to give it up. It ends the exchange in flight, saves the checkpoint and frees the
     * partition; then any member takes it. An owner that does not live any more is not waited for: its lease runs out.
     *
     * @return completes when the request is stored; false if nobody has the partition
     */
    public CompletableFuture<Boolean> release(String partition) {
        return applied(requests.leases().release(GroupRequests.leaseName(partition)));
    }

    /**
     * Sets the checkpoint of a partition that nobody has. Its next owner continues behind it. If its owner has crashed,
     * its lease has to run out first. If that owner goes on later, it can't move the checkpoint back.
     *
     * <p>It costs one consistent read and one write. The clock of this host is corrected by the dates of responses. If
     * it is off by more than {@code clockSkew}, no lease counts as run out.
     *
     * @param position a position of the same list, as {@link Partition#position} shows it
     * @return fails with {@link DynaStoreException} if a member has the partition: stop or suspend all members first.
     *     Fails with {@link OutcomeUnknownException} if responses were lost, and the lease does not show what happened
     */
    public CompletableFuture<Void> setCheckpoint(String partition, String position) {
        return whileFree(partition, Objects.requireNonNull(position));
    }

    /**
     * Deletes the checkpoint of a partition that nobody has, as for {@link #setCheckpoint}. Its next owner begins at
     * the start.
     *
     * @return fails as {@link #setCheckpoint} does
     */
    public CompletableFuture<Void> deleteCheckpoint(String partition) {
        return whileFree(partition, null);
    }

    private CompletableFuture<Void> whileFree(String partition, @Nullable String position) {
        return new PositionMove(client, requests, clock, clockSkew, GroupRequests.leaseName(partition), position).run();
    }

    private CompletableFuture<Boolean> applied(UpdateItemRequest request) {
        return client.write(request).thenApply(result -> {
            if (result instanceof GroupWrite.Failed failed) {
                throw new CompletionException(Failures.cause(failed.cause()));
            }
            return result instanceof GroupWrite.Applied;
        });
    }
}
