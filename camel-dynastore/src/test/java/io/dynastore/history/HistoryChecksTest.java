/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.ClientOperation.Refusal;
import io.dynastore.history.ClientOperation.Result;
import io.dynastore.history.Report.Note;
import io.dynastore.history.Report.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checks on histories made by hand, where instants matter. Each operation takes from one instant to another. */
class HistoryChecksTest {

    private static final ItemState FIRST = new ItemState(1, "first", 0);
    private static final ItemState SECOND = new ItemState(2, "second", 0);
    private static final ItemState REBORN = new ItemState(1, "reborn", 0);

    private final List<Change> changes = new ArrayList<>();
    private final List<ClientOperation> operations = new ArrayList<>();

    @Test
    void readMayReturnWhatIsOverwrittenWhileItIsUnderWay() {
        createdAt10AndUpdatedAt30();
        read(15, 25, FIRST);
        read(25, 35, FIRST);
        read(25, 35, SECOND);
        read(40, 50, SECOND);

        assertThat(check().violations()).isEmpty();
    }

    @Test
    void readMayNotReturnWhatWasOverwrittenBefore() {
        createdAt10AndUpdatedAt30();
        read(41, 50, FIRST);

        assertThat(check().broken()).containsOnlyKeys(Rule.READS_ARE_CURRENT);
    }

    @Test
    void readMayNotReturnWhatIsWrittenAfterwards() {
        createdAt10AndUpdatedAt30();
        read(15, 19, SECOND);

        assertThat(check().broken()).containsOnlyKeys(Rule.READS_ARE_CURRENT);
    }

    @Test
    void writeThatIsUnknownMayBeAppliedOrNot() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.UPDATE, "lost", SECOND, 50, 60, new Result.Unknown(true)));
        operations.add(write(Kind.UPDATE, "done", SECOND, 70, 80, new Result.Unknown(true)));
        change(SECOND, new ItemState(3, "done", 0));

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.UNKNOWN)).isEqualTo(2);
        });
    }

    @Test
    void unknownIsNotAllowedIfTheItemShowsTheResult() {
        createdAt10AndUpdatedAt30();
        operations.add(inItsIncarnation(Kind.UPDATE, "lost", FIRST, 50, 60, new Result.Unknown(false)));
        operations.add(inItsIncarnation(Kind.DELETE, "stale", FIRST, 50, 60, new Result.Unknown(false)));

        assertThat(check().broken()).containsExactly(Map.entry(Rule.UNKNOWN_HAS_ITS_REASON, 2L));
    }

    @Test
    void unknownIsAllowedOfWhatIsGone() {
        createdAt10AndUpdatedAt30();
        operations.add(inItsIncarnation(Kind.UPDATE, "lost", FIRST, 50, 100, new Result.Unknown(false)));
        operations.add(inItsIncarnation(Kind.DELETE, "stale", FIRST, 90, 100, new Result.Unknown(false)));
        rebornAt80();

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.UNKNOWN_OF_ABSENT)).isEqualTo(2);
        });
    }

    @Test
    void unknownIsAllowedOfDeleteThatNothingTellsFromItsItem() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.DELETE, "stale", FIRST, 50, 60, new Result.Unknown(false)));

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.UNKNOWN_OF_UNNAMED)).isOne();
        });
    }

    @Test
    void unknownIsAllowedOfMarkThatOthersPushedOut() {
        createdAt10AndUpdatedAt30();
        ItemState last = SECOND;
        for (int version = 3; version <= 5; version++) {
            operations.add(write(Kind.UPDATE, "w" + version, last, 50, 60, new Result.Done((long) version)));
            ItemState next = new ItemState(version, "w" + version, 0);
            change(last, next);
            last = next;
        }
        operations.add(inItsIncarnation(Kind.UPDATE, "lost", SECOND, 50, 70, new Result.Unknown(false)));

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.UNKNOWN_OF_PUSHED_OUT)).isOne();
        });
    }

    @Test
    void deleteIsDoneIfItsItemHasGoneAndAnotherHasItsKey() {
        createdAt10AndUpdatedAt30();
        rebornAt80();
        operations.add(inItsIncarnation(Kind.DELETE, "late", SECOND, 90, 100, new Result.Done(null)));

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.GONE_BEFORE)).isOne();
        });
    }

    @Test
    void writeMayNotMeetAnotherIncarnationThanItsOwn() {
        createdAt10AndUpdatedAt30();
        rebornAt80();
        operations.add(inItsIncarnation(Kind.UPDATE, "stale", FIRST, 90, 100, new Result.Done(2L)));
        ItemState wrong = new ItemState(2, "stale", 0);
        change(REBORN, wrong);

        assertThat(check().broken()).containsOnlyKeys(Rule.WRITES_MEET_THEIR_CONDITION);
    }

    @Test
    void deleteMayNotRemoveAnotherIncarnationThanItsOwn() {
        createdAt10AndUpdatedAt30();
        rebornAt80();
        operations.add(inItsIncarnation(Kind.DELETE, "stale", FIRST, 100, 110, new Result.Done(null)));
        change(REBORN, null);

        assertThat(check().broken()).containsOnlyKeys(Rule.REFUSAL_IS_NOT_APPLIED);
    }

    @Test
    void lateCopyOfRefusedWriteMayMeetItsConditionInAnotherIncarnation() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.UPDATE, "late", FIRST, 50, 60, new Result.Refused(Refusal.CONFLICT, 2L)));
        rebornAt80();
        change(REBORN, new ItemState(2, "late", 0));

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.APPLIED_LATER)).isOne();
        });
    }

    @Test
    void refusalMayNotComeFromOnesOwnFirstAttempt() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.UPDATE, "own", SECOND, 50, 60, new Result.Refused(Refusal.CONFLICT, 3L)));
        change(SECOND, new ItemState(3, "own", 0));

        assertThat(check().broken()).containsOnlyKeys(Rule.REFUSAL_IS_NOT_APPLIED);
    }

    @Test
    void conflictMayNotNameVersionThatIsNotThere() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.UPDATE, "misled", FIRST, 50, 60, new Result.Refused(Refusal.CONFLICT, 7L)));

        assertThat(check().broken()).containsOnlyKeys(Rule.REFUSAL_HAS_ITS_REASON);
    }

    @Test
    void conflictMayNameTheSameVersionOfAnotherItem() {
        createdAt10AndUpdatedAt30();
        rebornAt80();
        operations.add(
                inItsIncarnation(Kind.UPDATE, "stale", FIRST, 90, 100, new Result.Refused(Refusal.CONFLICT, 1L)));

        assertThat(check().violations()).isEmpty();
    }

    @Test
    void createMayBeAppliedAgainAfterDelete() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.DELETE, "delete", SECOND, 50, 60, new Result.Done(null)));
        change(SECOND, null);
        change(null, FIRST);

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.REPEATS_IN_ANOTHER_LIFE)).isOne();
        });
    }

    @Test
    void lateCopyOfRefusedDeleteMayRemoveWhatALateCopyOfTheCreateBroughtBack() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.DELETE, "late", FIRST, 50, 60, new Result.Refused(Refusal.CONFLICT, 2L)));
        operations.add(write(Kind.DELETE, "delete", SECOND, 70, 80, new Result.Done(null)));
        change(SECOND, null);
        change(null, FIRST);
        change(FIRST, null);

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.REMOVED_IN_ANOTHER_LIFE)).isOne();
        });
    }

    @Test
    void refusedDeleteMayNotRemoveItsItem() {
        createdAt10AndUpdatedAt30();
        operations.add(write(Kind.DELETE, "own", SECOND, 50, 60, new Result.Refused(Refusal.CONFLICT, 1L)));
        change(SECOND, null);

        assertThat(check().broken()).containsKey(Rule.REFUSAL_IS_NOT_APPLIED);
    }

    @Test
    void deleteMayRemoveAnotherIncarnationAtItsVersion() {
        createdAt10AndUpdatedAt30();
        rebornAt80();
        operations.add(write(Kind.DELETE, "stale", FIRST, 100, 110, new Result.Done(null)));
        change(REBORN, null);

        assertThat(check()).satisfies(report -> {
            assertThat(report.violations()).isEmpty();
            assertThat(report.count(Note.REMOVED_IN_ANOTHER_LIFE)).isOne();
        });
    }

    @Test
    void streamMayNotHaveGaps() {
        createdAt10AndUpdatedAt30();
        changes.remove(0);

        assertThat(check().broken()).containsKey(Rule.STREAM_IS_WHOLE);
    }

    private void createdAt10AndUpdatedAt30() {
        operations.add(write(Kind.CREATE, "first", null, 5, 10, new Result.Done(1L)));
        change(null, FIRST);
        operations.add(write(Kind.UPDATE, "second", FIRST, 20, 40, new Result.Done(2L)));
        change(FIRST, SECOND);
    }

    private void rebornAt80() {
        operations.add(write(Kind.DELETE, "delete", SECOND, 61, 70, new Result.Done(null)));
        change(SECOND, null);
        operations.add(write(Kind.CREATE, "reborn", null, 71, 80, new Result.Done(1L)));
        change(null, REBORN);
    }

    private void change(@Nullable ItemState before, @Nullable ItemState after) {
        changes.add(new Change("key", before, after));
    }

    private void read(long start, long end, ItemState found) {
        operations.add(write(Kind.READ, "read", null, start, end, new Result.Found(found)));
    }

    private static ClientOperation write(
            Kind kind, String writeId, @Nullable ItemState expected, long start, long end, Result result) {
        return new ClientOperation(kind, "key", writeId, expected, false, false, 0, start, end, result);
    }

    /** Expected of the very item that it was seen of. */
    private static ClientOperation inItsIncarnation(
            Kind kind, String writeId, ItemState expected, long start, long end, Result result) {
        return new ClientOperation(kind, "key", writeId, expected, true, false, 0, start, end, result);
    }

    private Report check() {
        return HistoryChecks.check(changes, operations);
    }
}
