/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.TTL;
import static io.dynastore.lease.LockFixture.await;
import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What is reported to a holder while its lease is renewed, and when it can't be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaseKeepingTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration BEAT = TTL.dividedBy(3);

    private final LockFixture table = new LockFixture(dynamo);
    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), FaultPlan.none());
    private final DynamoDbAsyncClient client = LockFixture.impatient(dynamo, http);
    private ManualTime time = new ManualTime();
    private Locks locks = table.locks(client, time).build();
    private Key key = LockFixture.freshKey();
    private final List<LockLostException> losses = new CopyOnWriteArrayList<>();
    private final AtomicInteger risks = new AtomicInteger();

    @BeforeEach
    void reset() {
        http.heal();
        key = LockFixture.freshKey();
        time = new ManualTime();
        locks = table.locks(client, time).build();
        losses.clear();
        risks.set(0);
    }

    @AfterAll
    void close() {
        client.close();
        http.close();
    }

    @Test
    void heartbeatKeepsTheLock() {
        Lease lease = acquire(LockRequest.of(key));
        for (int beat = 1; beat <= 10; beat++) {
            time.pass(BEAT);
            await().until(() -> isRenewed(lease));
        }

        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        assertThat(table.number(key, "version")).isEqualTo(lease.token() + 10);
        assertThat(risks).hasValue(0);
        assertThat(losses).isEmpty();
        got(lease.release());
        time.pass(TTL);
        assertThat(table.number(key, "version")).isEqualTo(lease.token() + 11);
    }

    /** The keeper may set its next wake-up only after time has passed: what is due by then runs here. */
    private boolean isRenewed(Lease lease) {
        time.pass(Duration.ZERO);
        return lease.remaining().equals(TTL);
    }

    @Test
    void holderThatIsCutOffIsWarnedAndThenLosesTheLockAtItsDeadline() {
        Lease lease = acquire(LockRequest.of(key));
        http.cut();
        time.pass(BEAT.multipliedBy(2).minusMillis(1));
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        time.pass(Duration.ofMillis(2));
        assertThat(lease.state()).isEqualTo(LeaseState.AT_RISK);
        assertThat(lease.isHeld()).isTrue();
        await().until(() -> risks.get() == 1);
        await().until(() -> ((HeldLease) lease).failure() != null);
        time.pass(BEAT);

        assertThat(lease.state()).isEqualTo(LeaseState.EXPIRED);
        await().until(() -> losses.size() == 1);
        assertThat(losses.get(0).reason()).isEqualTo(Reason.OUT_OF_REACH);
        assertThat(losses.get(0)).hasMessageContainingAll(table.schema.table(), key.toString(), "out of reach");
        assertThat(losses.get(0).getCause()).isNotNull();
        http.heal();
        time.pass(TTL);
        assertThat(lease.isHeld()).isFalse();
        assertThat(losses).hasSize(1);
        assertThatThrownBy(() -> got(lease.release())).isSameAs(losses.get(0));
    }

    @Test
    void heartbeatThatSucceedsAgainEndsTheRisk() {
        Lease lease = acquire(LockRequest.of(key));
        http.cut();
        time.pass(BEAT.multipliedBy(2).plusMillis(1));
        assertThat(lease.state()).isEqualTo(LeaseState.AT_RISK);
        http.heal();
        await().until(() -> {
            time.pass(Duration.ofMillis(20));
            return lease.state() == LeaseState.HELD;
        });

        assertThat(losses).isEmpty();
        got(lease.release());
    }

    @Test
    void leaseWithoutHeartbeatExpires() {
        Lease lease = acquire(LockRequest.of(key).heartbeat(false));
        time.pass(TTL.minusMillis(1));
        assertThat(lease.isHeld()).isTrue();
        time.pass(Duration.ofMillis(1));

        assertThat(lease.isHeld()).isFalse();
        await().until(() -> losses.size() == 1);
        assertThat(losses.get(0).reason()).isEqualTo(Reason.EXPIRED);
        assertThat(risks).hasValue(1);
        assertThat(table.number(key, "version")).isEqualTo(lease.token());
    }

    @Test
    void processThatStoodStillHoldsNoLeaseAfterTheDeadline() {
        Lease lease = acquire(LockRequest.of(key));
        time.freeze(TTL);

        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThat(lease.state()).isEqualTo(LeaseState.EXPIRED);
        assertThatThrownBy(() -> got(lease.renew()))
                .isInstanceOfSatisfying(LockLostException.class, loss -> assertThat(loss.reason())
                        .isEqualTo(Reason.EXPIRED));
        assertThat(table.number(key, "version")).isEqualTo(lease.token());
    }

    @Test
    void expiredLeaseIsReleasedForOthersAllTheSame() {
        Lease lease = acquire(LockRequest.of(key).heartbeat(false));
        time.freeze(TTL);

        assertThatThrownBy(() -> got(lease.release())).isInstanceOf(LockLostException.class);
        await().until(() -> table.text(key, "_dsholder") == null);
    }

    @Test
    void lateListenerIsCalledAtOnce() {
        Lease lease = acquire(LockRequest.of(key).heartbeat(false));
        time.pass(TTL);
        List<LockLostException> late = new CopyOnWriteArrayList<>();
        lease.onLoss(late::add);

        await().until(() -> late.size() == 1);
    }

    @Test
    void failureOfAListenerDoesNotStopTheOthers() {
        Lease lease = got(locks.acquire(LockRequest.of(key).heartbeat(false).build()));
        lease.onLoss(loss -> {
            throw new IllegalStateException("by the test");
        });
        lease.onLoss(losses::add);
        time.pass(TTL);

        await().until(() -> losses.size() == 1);
    }

    @Test
    void leaseIsFoundByKeyAndOwnerUntilItIsReleased() {
        Lease lease = acquire(LockRequest.of(key).owner("route-7").heartbeat(false));

        assertThat(locks.find(key, "route-7")).containsSame(lease);
        assertThat(locks.find(key)).isEmpty();
        assertThat(locks.held()).contains(lease);
        time.pass(TTL);
        assertThat(locks.held()).doesNotContain(lease);
        assertThat(locks.find(key, "route-7").flatMap(Lease::loss)).isPresent();
        assertThatThrownBy(() -> got(lease.release())).isInstanceOf(LockLostException.class);
        assertThat(locks.find(key, "route-7")).isEmpty();
    }

    @Test
    void closeOfALostLeaseThrows() {
        Lease lease = acquire(LockRequest.of(key).heartbeat(false));
        time.pass(TTL);

        assertThatThrownBy(lease::close).isInstanceOf(LockLostException.class);
    }

    private Lease acquire(LockRequest.Builder request) {
        Lease lease = got(locks.acquire(request.build()));
        lease.onLoss(losses::add);
        lease.onRisk(risky -> risks.incrementAndGet());
        return lease;
    }
}
