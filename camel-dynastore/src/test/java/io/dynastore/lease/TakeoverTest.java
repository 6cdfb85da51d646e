/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.SKEW;
import static io.dynastore.lease.LockFixture.TTL;
import static io.dynastore.lease.LockFixture.await;
import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a lock that was not released is taken. Holder and taker have clocks and tickers of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TakeoverTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration OBSERVED = TTL.plus(TTL.dividedBy(1000));
    private static final Duration TICK = Duration.ofMillis(2);

    private final LockFixture table = new LockFixture(dynamo);
    private ManualTime holders = new ManualTime();
    private ManualTime takers = new ManualTime();
    private Key key = LockFixture.freshKey();

    @BeforeEach
    void reset() {
        key = LockFixture.freshKey();
        holders = new ManualTime();
        takers = new ManualTime();
    }

    @Test
    void deadLockIsTakenAtOnceByTheClock() {
        hold();
        passes(TTL.plus(SKEW).plus(TICK));

        assertThat(taken(taker(), Takeover.CLOCK)).isPresent();
    }

    @Test
    void clockAloneDoesNotTakeEarlierHoweverLongItObserves() {
        holders.clock.advance(Duration.ofHours(1));
        hold();
        Locks taker = taker();
        assertThat(taken(taker, Takeover.CLOCK)).isEmpty();
        passes(TTL.multipliedBy(10));

        assertThat(taken(taker, Takeover.CLOCK)).isEmpty();
    }

    @Test
    void observationTakesAfterOneLeaseWhateverClocksShow() {
        holders.clock.advance(Duration.ofHours(1));
        hold();
        Locks taker = taker();
        assertThat(taken(taker, Takeover.OBSERVE)).isEmpty();
        passes(OBSERVED.minus(TICK));
        assertThat(taken(taker, Takeover.OBSERVE)).isEmpty();
        passes(TICK);

        assertThat(taken(taker, Takeover.OBSERVE)).isPresent();
    }

    @Test
    void observationStartsAgainWithEachHeartbeat() {
        Lease lease = hold();
        Locks taker = taker();
        assertThat(taken(taker, Takeover.OBSERVE)).isEmpty();
        passes(TTL.dividedBy(2));
        got(lease.renew());
        passes(TTL.dividedBy(2).plus(TICK));
        assertThat(taken(taker, Takeover.OBSERVE)).isEmpty();
        passes(TTL.dividedBy(2));
        assertThat(taken(taker, Takeover.OBSERVE)).isEmpty();
        passes(TTL.dividedBy(2).plus(TTL.dividedBy(1000)));

        assertThat(taken(taker, Takeover.OBSERVE)).isPresent();
    }

    @Test
    void observationAloneTakesNoLockThatItHasNotObserved() {
        hold();
        passes(TTL.multipliedBy(10));

        assertThat(taken(taker(), Takeover.OBSERVE)).isEmpty();
    }

    @Test
    void bothTakeByWhicheverIsFirst() {
        hold();
        passes(TTL.plus(SKEW).plus(TICK));
        assertThat(taken(taker(), Takeover.BOTH)).isPresent();
        key = LockFixture.freshKey();
        holders.clock.advance(Duration.ofHours(1));
        hold();
        Locks taker = taker();
        assertThat(taken(taker, Takeover.BOTH)).isEmpty();
        passes(OBSERVED);

        assertThat(taken(taker, Takeover.BOTH)).isPresent();
    }

    @Test
    void waiterTakesOverWithoutAnotherCall() {
        hold();
        CompletableFuture<Lease> waiting = taker().acquire(LockRequest.of(key)
                .acquireTimeout(Duration.ofMinutes(5))
                .build());
        await().until(() -> takers.waiting() == 1);
        int steps = 0;
        while (!waiting.isDone() && steps++ < 100) {
            passes(Duration.ofMillis(500));
            await().until(() -> waiting.isDone() || takers.waiting() == 1);
        }

        assertThat(got(waiting).isHeld()).isTrue();
        assertThat(Duration.ofMillis(500L * steps))
                .isBetween(TTL, TTL.plus(SKEW).plusSeconds(2));
    }

    @Test
    void holderWhoseClockIsSetBackRenewsAllTheSame() {
        Lease lease = hold();
        Instant end = lease.expires();
        holders.clock.advance(Duration.ofHours(-1));
        holders.freeze(Duration.ofSeconds(5));

        assertThat(got(lease.renew())).isEqualTo(end.plusSeconds(5));
        assertThat(lease.remaining()).isEqualTo(TTL);
    }

    @Test
    void hostThatIsFarOffNeitherStealsNorIsStolenFrom() {
        Instant real = Instant.now();
        ManualTime ahead = new ManualTime();
        ahead.clock.set(real.plus(Duration.ofHours(1)));
        ManualTime behind = new ManualTime();
        behind.clock.set(real.minus(Duration.ofHours(1)));
        Locks fast = table.locks(dynamo.client(), ahead).serviceTime(true).build();
        Locks slow = table.locks(dynamo.client(), behind).serviceTime(true).build();
        Lease lease = got(slow.acquire(LockRequest.of(key).build()));
        await().until(() -> {
            behind.pass(Duration.ZERO);
            return lease.expires().isAfter(real);
        });

        assertThat(taken(fast, Takeover.BOTH)).isEmpty();
        assertThat(lease.expires()).isBetween(real.plus(TTL.dividedBy(2)), real.plus(TTL.multipliedBy(2)));
        assertThat(fast.clockOffset()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        assertThat(slow.clockOffset()).isBetween(Duration.ofMinutes(-61), Duration.ofMinutes(-59));
        got(lease.release());
    }

    @Test
    void hostWhoseClockIsRightTakesByItFromItsSecondRequest() {
        Instant real = Instant.now();
        holders.clock.set(real.minus(TTL).minus(SKEW).minusMillis(500));
        hold();
        ManualTime right = new ManualTime();
        right.clock.set(Instant.now());
        Locks taker = table.locks(dynamo.client(), right).serviceTime(true).build();

        assertThat(taken(taker, Takeover.CLOCK)).isPresent();
        assertThat(taker.clockOffset()).isZero();
    }

    private Lease hold() {
        Locks holder = table.locks(dynamo.client(), holders).owner("dead").build();
        return got(holder.acquire(LockRequest.of(key).heartbeat(false).build()));
    }

    private Locks taker() {
        return table.locks(dynamo.client(), takers).owner("taker").build();
    }

    private Optional<Lease> taken(Locks locks, Takeover takeover) {
        try {
            return Optional.of(got(locks.acquire(
                    LockRequest.of(key).takeover(takeover).heartbeat(false).build())));
        } catch (LockNotAcquiredException refused) {
            return Optional.empty();
        }
    }

    private void passes(Duration time) {
        holders.freeze(time);
        takers.pass(time);
    }
}
