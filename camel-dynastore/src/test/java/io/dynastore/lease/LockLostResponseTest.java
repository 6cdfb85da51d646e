/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.TTL;
import static io.dynastore.lease.LockFixture.await;
import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** One lost, broken or repeated request at a time, at each step of a lock. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockLostResponseTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final LockFixture table = new LockFixture(dynamo);
    /** A late request waits until the test lets it through. */
    private final FaultPlan plan = FaultPlan.none().withDelaysUpTo(Duration.ofHours(10));

    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
    private final DynamoDbAsyncClient client = LockFixture.impatient(dynamo, http);
    private final ManualTime time = new ManualTime();
    private final Locks mine = table.locks(client, time).owner("me").build();
    private final Locks theirs =
            table.locks(dynamo.client(), time).owner("them").build();
    private Key key = LockFixture.freshKey();

    @BeforeEach
    void reset() {
        http.heal();
        http.between(() -> {});
        key = LockFixture.freshKey();
    }

    @AfterAll
    void close() {
        client.close();
        http.close();
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void acquireReportsTheTruth(Fault fault) {
        plan.next(fault);
        Lease lease = acquire(mine);
        http.settle();

        assertThat(lease.isHeld()).isTrue();
        assertThat(table.number(key, "_dsfence")).isEqualTo(lease.token());
        assertThat(table.number(key, "version")).isEqualTo(lease.token());
        got(lease.release());
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void renewalReportsTheTruth(Fault fault) {
        Lease lease = acquire(mine);
        time.freeze(Duration.ofSeconds(3));
        plan.next(fault);

        assertThat(got(lease.renew())).isEqualTo(lease.expires());
        http.settle();
        assertThat(lease.remaining()).isEqualTo(TTL);
        assertThat(table.number(key, "_dsuntil")).isEqualTo(lease.expires().toEpochMilli());
        assertThat(table.number(key, "_dsfence")).isEqualTo(lease.token());
        got(lease.release());
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void releaseReportsTheTruth(Fault fault) {
        Lease lease = acquire(mine);
        plan.next(fault);

        got(lease.release());
        http.settle();
        assertThat(table.text(key, "_dsholder")).isNull();
        assertThat(lease.loss()).isEmpty();
    }

    @Test
    void releaseThatWasAppliedIsOneThoughOthersHadTheLockInBetween() {
        Lease lease = acquire(mine);
        plan.next(Fault.LOSE_RESPONSE);
        http.between(() -> got(acquire(theirs).release()));

        got(lease.release());
        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    }

    @Test
    void lateAcquireDoesNotLockAgainWhatWasReleased() {
        plan.next(Fault.DUPLICATE);
        got(acquire(mine).release());
        http.settle();

        assertThat(table.text(key, "_dsholder")).isNull();
    }

    @Test
    void lateRenewalDoesNotMoveTheEndBack() {
        Lease lease = acquire(mine);
        time.freeze(Duration.ofSeconds(1));
        plan.next(Fault.DUPLICATE);
        got(lease.renew());
        time.freeze(Duration.ofSeconds(5));
        got(lease.renew());
        http.settle();

        assertThat(table.number(key, "_dsuntil")).isEqualTo(lease.expires().toEpochMilli());
        got(lease.release());
    }

    @Test
    void lateReleaseLeavesTheNextHolderAlone() {
        Lease lease = acquire(mine);
        plan.next(Fault.DUPLICATE);
        got(lease.release());
        Lease next = acquire(theirs);
        http.settle();

        got(next.renew());
        assertThat(table.text(key, "_dsowner")).isEqualTo("them");
        got(next.release());
    }

    @Test
    void acquireWithoutAnyResponseIsOutOfReachAndReleasesTheLock() {
        plan.next(IntStream.range(0, 9).mapToObj(i -> Fault.LOSE_RESPONSE).toArray(Fault[]::new));

        assertThatThrownBy(() -> acquire(mine))
                .isInstanceOf(LockNotAcquiredException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "out of reach")
                .cause()
                .isInstanceOf(software.amazon.awssdk.core.exception.SdkException.class);
        await().until(() -> {
            time.pass(Duration.ofMillis(100));
            return table.number(key, "version") > 0 && table.text(key, "_dsholder") == null;
        });
        assertThat(mine.held()).isEmpty();
    }

    @Test
    void releaseWithoutAnyResponseIsSentAgainWhileTheLeaseLasts() {
        Lease lease = acquire(mine);
        http.cut();
        var released = lease.release();
        await().until(() -> time.waiting() == 1);
        assertThat(released).isNotDone();
        http.heal();
        time.pass(Duration.ofSeconds(1));

        got(released);
        assertThat(table.text(key, "_dsholder")).isNull();
    }

    @Test
    void releaseWithoutConfirmationIsALoss() {
        Lease lease = acquire(mine);
        http.cut();
        var released = lease.release();
        await().until(() -> {
            time.pass(Duration.ofSeconds(5));
            return released.isDone();
        });

        assertThatThrownBy(() -> got(released))
                .isInstanceOfSatisfying(LockLostException.class, lost -> assertThat(lost.reason())
                        .isEqualTo(LockLostException.Reason.OUT_OF_REACH));
    }

    private Lease acquire(Locks locks) {
        return got(locks.acquire(LockRequest.of(key).heartbeat(false).build()));
    }
}
