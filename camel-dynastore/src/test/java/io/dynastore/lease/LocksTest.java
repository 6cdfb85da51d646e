/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.await;
import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Many locks: pools, lists, and the end of all of them. And threads that wait. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocksTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final LockFixture table = new LockFixture(dynamo);
    private ManualTime time = new ManualTime();
    private Locks locks = table.locks(dynamo.client(), time).build();
    private String partition = "";

    @BeforeEach
    void reset() {
        partition = "pool-" + LockFixture.freshKey().sortKey();
        time = new ManualTime();
        locks = table.locks(dynamo.client(), time).owner("me").build();
    }

    @Test
    void anyFreeLockOfAPoolIsTakenOnceOnly() {
        pool(8);
        List<CompletableFuture<Lease>> wanted =
                IntStream.range(0, 8).mapToObj(i -> any(Duration.ZERO)).toList();
        // If two try the same lock, each gets one all the same, unless none was free.
        Set<Key> taken =
                Set.copyOf(wanted.stream().map(lease -> got(lease).key()).toList());

        assertThat(taken).hasSize(8);
        assertThatThrownBy(() -> got(any(Duration.ZERO)))
                .isInstanceOf(LockNotAcquiredException.class)
                .hasMessageContainingAll(table.schema.table(), partition, "none of its locks is free");
    }

    @Test
    void poolLeavesOrdinaryItemsAlone() {
        table.rawPut(Key.of(partition, "a"), Map.of("payload", AttributeValue.fromS("x")));

        assertThatThrownBy(() -> got(any(Duration.ZERO))).isInstanceOf(LockNotAcquiredException.class);
    }

    @Test
    void poolOffersWhatADeadHolderLeft() {
        Lease dead = pool(1).get(0);
        got(locks.acquire(
                LockRequest.of(dead.key()).heartbeat(false).data("work").build()));
        time.freeze(Duration.ofSeconds(23));
        Lease lease = got(any(Duration.ZERO));

        assertThat(lease.key()).isEqualTo(dead.key());
        assertThat(lease.data()).isEqualTo("work");
        assertThat(lease.token()).isGreaterThan(dead.token());
    }

    @Test
    void waiterForAPoolGetsALockThatIsReleased() {
        pool(1);
        Lease held = got(any(Duration.ZERO));
        CompletableFuture<Lease> waiting = any(Duration.ofMinutes(1));
        got(held.release());
        await().until(() -> {
            time.pass(Duration.ofSeconds(1));
            return waiting.isDone();
        });

        assertThat(got(waiting).key()).isEqualTo(held.key());
    }

    @Test
    void poolRefusesASortKey() {
        assertThatThrownBy(() -> got(
                        locks.acquireAny(LockRequest.of(Key.of(partition, "a")).build())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), partition, "Leave the sort key out");
    }

    @Test
    void listShowsTheHolderOfEachLock() {
        List<Lease> pool = pool(3);
        Lease held =
                got(locks.acquire(LockRequest.of(pool.get(1).key()).data("busy").build()));
        table.rawPut(Key.of(partition, "ordinary"), Map.of("payload", AttributeValue.fromS("x")));

        assertThat(locks.list(partition))
                .satisfiesExactly(
                        lock -> assertThat(lock.state()).isEqualTo(LockInfo.State.FREE),
                        lock -> assertThat(lock)
                                .isEqualTo(new LockInfo(
                                        held.key(), LockInfo.State.HELD, "me", held.token(), held.expires(), "busy")),
                        lock -> assertThat(lock.owner()).isNull());
    }

    @Test
    void listContinuesPageByPage() {
        List<CompletableFuture<?>> made = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            made.add(locks.acquire(LockRequest.of(Key.of(partition, String.format("%04d", i)))
                    .heartbeat(false)
                    .build()));
        }
        made.forEach(LockFixture::got);
        LockPage first = got(locks.list(partition, null));

        assertThat(first.locks()).hasSize(200);
        assertThat(first.next()).isNotNull();
        assertThat(got(locks.list(partition, first.next())).locks().get(0).key())
                .isEqualTo(Key.of(partition, "0200"));
        assertThat(locks.list(partition).map(lock -> lock.key().sortKey()))
                .hasSize(450)
                .isSorted();
        assertThat(locks.list(partition).limit(3)).hasSize(3);
    }

    @Test
    void closeReleasesEachLockThoughOneIsLost() {
        List<Key> keys =
                IntStream.range(0, 5).mapToObj(i -> Key.of(partition, "c" + i)).toList();
        keys.forEach(key -> got(locks.acquire(LockRequest.of(key).build())));
        table.rawDelete(keys.get(2));
        locks.close();

        assertThat(locks.held()).isEmpty();
        assertThat(keys)
                .allSatisfy(key -> assertThat(table.text(key, "_dsholder")).isNull());
        assertThatThrownBy(() -> got(locks.acquire(LockRequest.of(keys.get(0)).build())))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(table.schema.table(), "closed");
    }

    @Test
    void closeEndsWaiters() {
        Key key = Key.of(partition, "c");
        Locks others = table.locks(dynamo.client(), time).owner("them").build();
        got(others.acquire(LockRequest.of(key).build()));
        CompletableFuture<Lease> waiting = locks.acquire(
                LockRequest.of(key).acquireTimeout(Duration.ofMinutes(1)).build());
        locks.close();

        assertThatThrownBy(() -> got(waiting))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("closed");
        assertThat(table.text(key, "_dsowner")).isEqualTo("them");
    }

    @Test
    void closeIsBoundedThoughTheStoreIsOutOfReach() {
        FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), FaultPlan.none());
        try (DynamoDbAsyncClient client =
                dynamo.clientBuilder().httpClient(http).build()) {
            Locks cut = table.locks(client, time)
                    .closeTimeout(Duration.ofMillis(300))
                    .build();
            got(cut.acquire(LockRequest.of(Key.of(partition, "c"))
                    .ttl(Duration.ofHours(1))
                    .build()));
            http.cut();

            assertThat(CompletableFuture.runAsync(cut::close)).succeedsWithin(Duration.ofMinutes(1));
        }
    }

    @Test
    void cancelledAcquireReleasesALockThatIsAcquiredAllTheSame() {
        Key key = Key.of(partition, "c");
        CompletableFuture<Lease> cancelled = locks.acquire(LockRequest.of(key).build());
        cancelled.cancel(false);

        await().until(() -> table.number(key, "version") > 0 && table.text(key, "_dsholder") == null);
        assertThat(locks.held()).isEmpty();
    }

    @Test
    void threadsCanWait() throws Exception {
        Key key = Key.of(partition, "c");
        try (Lease lease = locks.lock(LockRequest.of(key).build())) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(locks.tryLock(LockRequest.of(key).build())).isEmpty();
            assertThatThrownBy(() -> locks.lock(LockRequest.of(key).build()))
                    .isInstanceOf(LockNotAcquiredException.class);
        }
        assertThat(table.text(key, "_dsholder")).isNull();
        assertThat(locks.tryLock(LockRequest.of(key).build())).isPresent();
    }

    private CompletableFuture<Lease> any(Duration timeout) {
        return locks.acquireAny(
                LockRequest.of(Key.of(partition)).acquireTimeout(timeout).build());
    }

    /** Locks that were acquired and released. */
    private List<Lease> pool(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> {
                    Lease lease = got(locks.acquire(
                            LockRequest.of(Key.of(partition, "p" + i)).build()));
                    got(lease.release());
                    return lease;
                })
                .toList();
    }
}
