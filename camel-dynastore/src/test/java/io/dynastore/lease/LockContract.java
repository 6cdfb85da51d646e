/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.SKEW;
import static io.dynastore.lease.LockFixture.TTL;
import static io.dynastore.lease.LockFixture.await;
import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.LockLostException.Reason;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.store.Service;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a lock guarantees on every engine. The test turns the time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LockContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final LockFixture table = new LockFixture(dynamo);
    private final Service service;
    private ManualTime time = new ManualTime();
    private Locks mine;
    private Locks theirs;
    private Key key = LockFixture.freshKey();

    LockContract(Service service) {
        this.service = service;
        this.mine = table.locks(service.client(dynamo), time).build();
        this.theirs = mine;
    }

    @BeforeEach
    void reset() {
        key = LockFixture.freshKey();
        time = new ManualTime();
        mine = table.locks(service.client(dynamo), time).owner("me").build();
        theirs = table.locks(service.client(dynamo), time).owner("them").build();
    }

    @Test
    void acquireHoldsTheLock() {
        Lease lease = acquire(mine);

        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        assertThat(lease.remaining()).isEqualTo(TTL);
        assertThat(lease.owner()).isEqualTo("me");
        assertThat(lease.key()).isEqualTo(key);
        assertThat(lease.expires()).isEqualTo(time.clock.instant().plus(TTL));
        assertThat(table.number(key, "version")).isEqualTo(lease.token()).isEqualTo(table.number(key, "_dsfence"));
        assertThat(table.text(key, "_dsowner")).isEqualTo("me");
    }

    @Test
    void acquireIsRefusedWhileAnotherHolds() {
        Lease lease = acquire(mine);
        Map<String, AttributeValue> before = table.raw(key);

        assertThatThrownBy(() -> acquire(theirs))
                .isInstanceOfSatisfying(LockNotAcquiredException.class, refusal -> {
                    assertThat(refusal.owner()).isEqualTo("me");
                    assertThat(refusal.until()).isEqualTo(lease.expires());
                })
                .hasMessageContainingAll(table.schema.table(), key.toString(), "me", "acquireTimeout");
        assertThat(table.raw(key)).isEqualTo(before);
    }

    @Test
    void acquireIsRefusedToTheSameOwnerToo() {
        acquire(mine);

        assertThatThrownBy(() -> acquire(mine)).isInstanceOf(LockNotAcquiredException.class);
    }

    @Test
    void releaseFreesTheLockAndKeepsItsItem() {
        Lease lease = acquire(mine);
        got(lease.release());

        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThat(table.raw(key)).doesNotContainKeys("_dsholder", "_dsowner", "_dsuntil", "_dslease");
        assertThat(acquire(theirs).token()).isGreaterThan(lease.token());
    }

    @Test
    void releaseTwiceIsOneRelease() {
        Lease lease = acquire(mine);
        got(lease.release());
        long version = table.number(key, "version");
        got(lease.release());
        lease.close();

        assertThat(table.number(key, "version")).isEqualTo(version);
    }

    @Test
    void renewMovesTheEnd() {
        Lease lease = acquire(mine, request().heartbeat(false));
        time.pass(Duration.ofSeconds(15));

        assertThat(got(lease.renew())).isEqualTo(time.clock.instant().plus(TTL)).isEqualTo(lease.expires());
        assertThat(lease.remaining()).isEqualTo(TTL);
        assertThat(table.number(key, "version")).isEqualTo(lease.token() + 1);
        assertThat(table.number(key, "_dsfence")).isEqualTo(lease.token());
    }

    @Test
    void expiredLockIsFreeAfterTheAllowance() {
        Lease lost = acquire(mine, request().heartbeat(false));
        time.freeze(TTL.plus(SKEW));
        assertThatThrownBy(() -> acquire(theirs)).isInstanceOf(LockNotAcquiredException.class);
        time.freeze(Duration.ofMillis(2));

        assertThat(acquire(theirs).token()).isGreaterThan(lost.token());
        assertThat(lost.isHeld()).isFalse();
        assertThat(lost.state()).isEqualTo(LeaseState.EXPIRED);
    }

    @Test
    void tokenGrowsOverReleaseExpiryAndRemovalOfTheItem() {
        Lease first = acquire(mine);
        got(first.release());
        Lease second = acquire(theirs, request().heartbeat(false));
        time.freeze(TTL.plus(SKEW).plusMillis(2));
        Lease third = acquire(mine);
        got(third.release());
        table.rawDelete(key);
        time.pass(Duration.ofMillis(10));
        Lease fourth = acquire(theirs);

        assertThat(List.of(first.token(), second.token(), third.token(), fourth.token()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void renewalReportsThatAnotherHasTheLock() {
        Lease lease = acquire(mine, request().heartbeat(false));
        List<LockLostException> reported = new CopyOnWriteArrayList<>();
        lease.onLoss(reported::add);
        steal(lease);

        assertThatThrownBy(() -> got(lease.renew()))
                .isInstanceOfSatisfying(LockLostException.class, loss -> {
                    assertThat(loss.reason()).isEqualTo(Reason.TAKEN);
                    assertThat(loss.owner()).isEqualTo("them");
                })
                .hasMessageContainingAll(table.schema.table(), key.toString(), "them", "acquire it again");
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
        await().until(() -> reported.size() == 1);
        assertThatThrownBy(() -> got(lease.release())).isInstanceOf(LockLostException.class);
        assertThat(table.text(key, "_dsowner")).isEqualTo("them");
        assertThat(reported).hasSize(1);
    }

    @Test
    void releaseReportsThatAnotherHasTheLock() {
        Lease lease = acquire(mine, request().heartbeat(false));
        steal(lease);

        assertThatThrownBy(() -> got(lease.release()))
                .isInstanceOfSatisfying(LockLostException.class, loss -> assertThat(loss.owner())
                        .isEqualTo("them"));
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
        assertThat(table.text(key, "_dsowner")).isEqualTo("them");
    }

    @Test
    void renewalReportsThatTheItemIsGone() {
        Lease lease = acquire(mine, request().heartbeat(false));
        table.rawDelete(key);

        assertThatThrownBy(() -> got(lease.renew())).isInstanceOfSatisfying(LockLostException.class, loss -> {
            assertThat(loss.reason()).isEqualTo(Reason.TAKEN);
            assertThat(loss.owner()).isNull();
        });
        assertThat(table.raw(key)).isEmpty();
    }

    @Test
    void acquireRefusesOrdinaryItem() {
        Map<String, AttributeValue> item =
                Map.of("version", AttributeValue.fromN("3"), "payload", AttributeValue.fromS("secret"));
        table.rawPut(key, item);
        Map<String, AttributeValue> before = table.raw(key);

        assertThatThrownBy(() -> acquire(mine))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table.schema.table(), key.toString(), "ordinary item")
                .hasMessageNotContaining("secret");
        assertThat(table.raw(key)).isEqualTo(before);
    }

    @Test
    void dataStayUntilTheyAreReplaced() {
        got(acquire(mine, request().data(Map.of("host", "a"))).release());
        Lease second = acquire(theirs);
        assertThat(second.data()).isEqualTo(Map.of("host", "a"));
        got(second.release());

        assertThat(acquire(mine, request().data("b")).data()).isEqualTo("b");
    }

    @Test
    void itemIsPurgedLongAfterItsLastUse() {
        acquire(mine, request().purgeAfter(Duration.ofHours(2)));

        assertThat(table.number(key, "expires"))
                .isBetween(
                        time.clock.instant().plus(Duration.ofHours(2)).getEpochSecond(),
                        time.clock.instant().plus(Duration.ofHours(2)).getEpochSecond() + 2);
    }

    private Lease acquire(Locks locks) {
        return acquire(locks, request());
    }

    private Lease acquire(Locks locks, LockRequest.Builder request) {
        return got(locks.acquire(request.build()));
    }

    private LockRequest.Builder request() {
        return LockRequest.of(key);
    }

    /** As if clocks differed by more than is allowed: another takes a lock that is held. */
    private void steal(Lease held) {
        ManualTime ahead = new ManualTime();
        ahead.freeze(TTL.multipliedBy(3));
        Locks early = table.locks(dynamo.client(), ahead).owner("them").build();
        assertThat(acquire(early, request().heartbeat(false)).token()).isGreaterThan(held.token());
    }
}
