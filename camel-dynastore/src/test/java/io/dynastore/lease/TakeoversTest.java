/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.lease.LockChecks.Rule;
import io.dynastore.store.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The rule of take-overs, on made-up histories of one lock. Leases of 1,000 ms, an allowance of 500 ms, a look every
 * 100 ms, a slack of 200 ms. The holder's last heartbeat was built at 10,000 and has version 5. The standby waits from
 * 10,000 to 20,000.
 */
class TakeoversTest {

    private static final String LOCK = "locks/lock-0";
    private static final long LEASE = 1000;
    private static final long BEAT = 10_000;

    private final List<LockChange> changes = new ArrayList<>();
    private final List<StandbyLog.Wait> waits = new ArrayList<>(List.of(new StandbyLog.Wait(BEAT, 20_000)));
    private final List<StandbyLog.Look> looks = new ArrayList<>();
    private final LockItem held = item("dead", 5, BEAT);

    @Test
    void takingByTheClockIsInTimeWithinTheAllowanceALookAndTheSlack() {
        takenAt(11_800);

        assertThat(check(Takeover.CLOCK).late()).isEmpty();
        assertThat(check(Takeover.CLOCK).excess()).containsExactly(800L);
    }

    @Test
    void takingByTheClockLaterIsCaught() {
        takenAt(11_801);

        assertThat(broken(Takeover.CLOCK)).containsExactly(Rule.TAKEN_IN_TIME);
    }

    @Test
    void endThatAFastClockHasWrittenIsWaitedFor() {
        LockItem ahead = item("dead", 5, BEAT + 700);
        changes.add(new LockChange(LOCK, null, ahead));
        changes.add(new LockChange(LOCK, ahead, item("next", 6, 12_500)));
        looksUntil(12_500);

        assertThat(broken(Takeover.CLOCK)).isEmpty();
    }

    @Test
    void takingByObservationIsInTimeALeaseAfterTheVersionWasSeen() {
        takenAt(11_300);

        assertThat(broken(Takeover.OBSERVE)).isEmpty();
        assertThat(broken(Takeover.BOTH)).isEmpty();
    }

    @Test
    void takingByObservationLaterIsCaught() {
        takenAt(11_450);

        assertThat(broken(Takeover.OBSERVE)).containsExactly(Rule.TAKEN_IN_TIME);
        assertThat(broken(Takeover.BOTH)).containsExactly(Rule.TAKEN_IN_TIME);
        assertThat(broken(Takeover.CLOCK)).isEmpty();
    }

    @Test
    void duplicateOfAHeartbeatStartsTheObservationAgain() {
        LockItem again = item("dead", 6, BEAT);
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, again));
        changes.add(new LockChange(LOCK, again, item("next", 7, 11_900)));
        LongStream.iterate(BEAT, at -> at < 11_900, at -> at + 100)
                .forEach(at -> looks.add(new StandbyLog.Look(at, at < 10_700 ? 5 : 6)));
        looks.add(new StandbyLog.Look(11_900, 7));

        assertThat(broken(Takeover.OBSERVE)).isEmpty();
        assertThat(broken(Takeover.BOTH)).containsExactly(Rule.TAKEN_IN_TIME);
    }

    @Test
    void standbyThatDoesNotLookIsLate() {
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, item("next", 6, 15_000)));
        looks.add(new StandbyLog.Look(BEAT, 4));
        looks.add(new StandbyLog.Look(15_000, 6));

        assertThat(broken(Takeover.OBSERVE)).containsExactly(Rule.TAKEN_IN_TIME);
        assertThat(broken(Takeover.BOTH)).containsExactly(Rule.TAKEN_IN_TIME);
    }

    @Test
    void timeOfALateStandbyCountsFromItsArrival() {
        waits.set(0, new StandbyLog.Wait(14_000, 20_000));
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, item("next", 6, 14_200)));
        looks.add(new StandbyLog.Look(14_010, 5));
        looks.add(new StandbyLog.Look(14_200, 6));

        assertThat(broken(Takeover.CLOCK)).isEmpty();
    }

    @Test
    void acquireUnknownToItsHolderCountsAsADeadHolder() {
        changes.add(new LockChange(LOCK, null, item("first", 4, 9_000)));
        changes.add(new LockChange(LOCK, item("first", 4, 9_000), held));
        changes.add(new LockChange(LOCK, held, item("next", 6, 14_000)));
        looksUntil(14_000);

        Takeovers takeovers = check(Takeover.BOTH);

        assertThat(takeovers.late()).hasSize(1);
        assertThat(takeovers.count()).isEqualTo(2);
        assertThat(takeovers.summary(java.util.Set.of("first"))).contains("2 take-overs", "(1 from holders that never");
    }

    @Test
    void lockThatIsRemovedWhileItIsHeldKeepsItsHolder() {
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, null));
        changes.add(new LockChange(LOCK, null, item("next", 6, 14_000)));
        looksUntil(14_000);

        assertThat(broken(Takeover.BOTH)).containsExactly(Rule.TAKEN_IN_TIME);
    }

    @Test
    void releasedLockIsNotTakenOver() {
        LockItem free = new LockItem(true, 6, null, null, 0, Duration.ZERO, 1, "dead", null);
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, free));
        changes.add(new LockChange(LOCK, free, item("next", 7, 14_000)));
        looksUntil(14_000);

        assertThat(check(Takeover.BOTH).count()).isZero();
    }

    @Test
    void takeoverDuringAPauseOfTheStandbyIsCountedAndNotJudged() {
        waits.set(0, new StandbyLog.Wait(BEAT, 10_100));
        waits.add(new StandbyLog.Wait(14_050, 20_000));
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, item("next", 6, 14_000)));
        looks.add(new StandbyLog.Look(14_060, 6));

        Takeovers takeovers = check(Takeover.BOTH);

        assertThat(takeovers.late()).isEmpty();
        assertThat(takeovers.unjudged()).containsOnlyKeys("the standby did not wait then");
        assertThat(takeovers.excess()).containsExactly(3000L);
    }

    @Test
    void takeoverThatTheStandbyNeverSawIsCountedAndNotJudged() {
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, item("next", 6, 14_000)));

        assertThat(check(Takeover.BOTH).unjudged()).containsOnlyKeys("the standby had ended");
    }

    @Test
    void otherLocksAreIgnored() {
        changes.add(new LockChange("locks/lock-1", null, held));
        changes.add(new LockChange("locks/lock-1", held, item("next", 6, 14_000)));

        assertThat(check(Takeover.BOTH).count()).isZero();
    }

    /** A dead holder, and the next holder at this time. */
    private void takenAt(long time) {
        changes.add(new LockChange(LOCK, null, held));
        changes.add(new LockChange(LOCK, held, item("next", 6, time)));
        looksUntil(time);
    }

    private void looksUntil(long time) {
        LongStream.iterate(BEAT, at -> at < time, at -> at + 100).forEach(at -> looks.add(new StandbyLog.Look(at, 5)));
        looks.add(new StandbyLog.Look(time, 6));
    }

    private static LockItem item(@Nullable String holder, long version, long built) {
        return new LockItem(
                true, version, holder, holder, built + LEASE, Duration.ofMillis(LEASE), version, null, null);
    }

    private List<Rule> broken(Takeover takeover) {
        return List.copyOf(
                LockChecks.check(List.of(), List.of(), check(takeover)).keySet());
    }

    private Takeovers check(Takeover takeover) {
        LockRequest request = LockRequest.of(Key.of("-", "-"))
                .clockSkew(Duration.ofMillis(500))
                .pollInterval(Duration.ofMillis(100))
                .takeover(takeover)
                .build();
        return Takeovers.of(
                LOCK,
                changes,
                new StandbyLog(waits, looks, 0),
                new Takeovers.Terms(request, Duration.ofMillis(200), item -> OptionalLong.of(item.until() - LEASE)));
    }
}
