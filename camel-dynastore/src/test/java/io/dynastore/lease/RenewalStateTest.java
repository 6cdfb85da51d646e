/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What renewal is due and when, asked with a clock that the test turns. Leases of 30 s, so that a heartbeat is due
 * every 10 s.
 */
class RenewalStateTest {

    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration BEAT = TTL.dividedBy(3);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final AcquireAttempt attempt = attempt(true);
    private RenewalState state = acquired(attempt);
    private LeaseStatus lease = LeaseStatus.acquired(attempt.term(), attempt.until());

    @Test
    void firstHeartbeatIsDueAfterAThirdOfTheLease() {
        time.freeze(BEAT.minusNanos(1));
        assertThat(state.due(time.nanos())).isFalse();
        assertThat(untilNext()).isEqualTo(Duration.ofNanos(1));
        time.freeze(Duration.ofNanos(1));

        assertThat(state.due(time.nanos())).isTrue();
        assertThat(untilNext()).isZero();
    }

    @Test
    void noRenewalIsDueWhileOneIsInFlight() {
        time.freeze(BEAT);
        state = state.sending();
        assertThat(state.due(time.nanos())).isFalse();
        state = state.built(now()).requested(time.nanos());
        time.freeze(BEAT);

        assertThat(state.due(time.nanos())).isFalse();
        assertThat(untilNext()).isZero();
    }

    @Test
    void renewalOnRequestIsDueAtOnce() {
        state = state.requested(time.nanos());

        assertThat(state.due(time.nanos())).isTrue();
    }

    @Test
    void leaseWithoutHeartbeatIsRenewedOnRequestOnly() {
        state = acquired(attempt(false));
        time.freeze(TTL.minusNanos(1));
        assertThat(state.due(time.nanos())).isFalse();

        assertThat(state.requested(time.nanos()).due(time.nanos())).isTrue();
    }

    @Test
    void requestThatIsServedIsNotSentAgain() {
        state = acquired(attempt(false)).requested(time.nanos()).sending().built(now());
        state = state.confirmed(term(), time.nanos(), () -> 0);
        time.freeze(BEAT);

        assertThat(state.due(time.nanos())).isFalse();
    }

    @Test
    void requestThatComesWhileOneIsInFlightIsDueAsSoonAsThatIsConfirmed() {
        state = acquired(attempt(false)).requested(time.nanos()).sending().built(now());
        state = state.requested(time.nanos());
        time.freeze(Duration.ofMillis(40));
        state = state.confirmed(term(), time.nanos(), () -> 0);

        assertThat(state.due(time.nanos())).isTrue();
    }

    @Test
    void requestThatComesBeforeTheRenewalIsBuiltIsServedByIt() {
        state = acquired(attempt(false)).requested(time.nanos()).sending();
        state = state.requested(time.nanos()).built(now());

        assertThat(state.requested()).isFalse();
    }

    @Test
    void nextHeartbeatIsDueAThirdAfterTheConfirmedRequestWasBuilt() {
        time.freeze(BEAT);
        state = state.sending().built(now());
        LeaseTerm term = term();
        time.freeze(Duration.ofSeconds(4));
        state = state.confirmed(term, time.nanos(), () -> 0);
        time.freeze(BEAT.minusSeconds(4).minusNanos(1));
        assertThat(state.due(time.nanos())).isFalse();
        time.freeze(Duration.ofNanos(1));

        assertThat(state.due(time.nanos())).isTrue();
    }

    @Test
    void renewalThatFailedIsDueAgainAfterAPause() {
        state = state.sending().built(now()).unconfirmed(new IllegalStateException(), 0, false, time.nanos());
        time.freeze(PAUSE.minusNanos(1));
        assertThat(state.due(time.nanos())).isFalse();
        time.freeze(Duration.ofNanos(1));

        assertThat(state.due(time.nanos())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void renewalOnRequestThatFailedIsSentAgainIfACallerStillWaits(boolean unserved) {
        state = acquired(attempt(false)).requested(time.nanos()).sending().built(now());
        state = state.unconfirmed(new IllegalStateException(), 0, unserved, time.nanos());
        time.freeze(PAUSE);

        assertThat(state.due(time.nanos())).isEqualTo(unserved);
    }

    @Test
    void failureIsReportedUntilARenewalIsConfirmed() {
        IllegalStateException error = new IllegalStateException();
        assertThat(state.failure()).isNull();
        state = state.sending().built(now()).unconfirmed(error, 0, false, time.nanos());
        assertThat(state.failure()).isSameAs(error);
        state = state.sending().built(now());
        assertThat(state.failure()).isSameAs(error);

        assertThat(state.confirmed(term(), time.nanos(), () -> 0).failure()).isNull();
    }

    @Test
    void renewalInFlightCountsAsATimeout() {
        assertThat(state.sending().failure()).isInstanceOf(TimeoutException.class);
    }

    @Test
    void renewalAsksForTheWholeLeaseFromNow() {
        time.freeze(BEAT);

        assertThat(state.built(now()).latestUntil())
                .isEqualTo(time.clock.instant().plus(TTL).toEpochMilli());
    }

    @Test
    void endGrowsByTheTimeThatPassedThoughTheWallClockIsSetBack() {
        time.clock.advance(Duration.ofHours(-1));
        time.freeze(Duration.ofSeconds(5));
        state = state.built(now());
        assertThat(state.latestUntil()).isEqualTo(attempt.until() + 5000);
        time.freeze(Duration.ofSeconds(2));

        assertThat(state.built(now()).latestUntil()).isEqualTo(attempt.until() + 7000);
    }

    @Test
    void endIsNotBeforeTheOneThatTheTableShows() {
        long shown = attempt.until() + 60_000;
        state = state.sending().built(now()).unconfirmed(null, shown, false, time.nanos());
        time.freeze(PAUSE);

        assertThat(state.failure()).isNull();
        assertThat(state.built(now()).latestUntil()).isGreaterThanOrEqualTo(shown);
    }

    @Test
    void wakeUpIsSetForTheRiskAndThenForTheDeadlineWhileNoRenewalIsWanted() {
        state = state.sending();
        assertThat(untilNext()).isEqualTo(BEAT.multipliedBy(2));
        time.freeze(BEAT.multipliedBy(2));
        assertThat(untilNext()).isZero();
        lease = lease.atRisk();
        assertThat(untilNext()).isEqualTo(BEAT);
        time.freeze(TTL);

        assertThat(untilNext()).isZero();
    }

    @Test
    void wakeUpIsSetForTheRetryIfThatIsFirst() {
        time.freeze(BEAT);
        state = state.sending().built(now()).unconfirmed(null, 0, false, time.nanos());

        assertThat(untilNext()).isEqualTo(PAUSE);
    }

    private Duration untilNext() {
        return Duration.ofNanos(state.untilNext(lease, time.nanos()));
    }

    private ClockReading now() {
        return new ClockReading(time.clock.instant(), time.nanos());
    }

    private LeaseTerm term() {
        return new LeaseTerm(state.latestBuilt(), TTL);
    }

    private RenewalState acquired(AcquireAttempt by) {
        return RenewalState.acquired(by, by.until(), () -> 0);
    }

    private AcquireAttempt attempt(boolean heartbeat) {
        return attempt(time, TTL, heartbeat);
    }

    static AcquireAttempt attempt(ManualTime at, Duration ttl, boolean heartbeat) {
        LockRequest request = LockRequest.of(Key.of("locks", "a"))
                .ttl(ttl)
                .heartbeat(heartbeat)
                .build();
        return new AcquireAttempt(
                request.key(), Map.of(), request, "me", null, "id", new ClockReading(at.clock.instant(), at.nanos()));
    }
}
