/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.ClientOperation.Refusal;
import io.dynastore.history.ClientOperation.Result;
import io.dynastore.history.Report.Note;
import io.dynastore.history.Report.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results that clients got must be what happened. */
final class OutcomeChecks {

    /** How many write ids an item keeps. */
    private static final int MARKS = 3;

    private final Timeline item;
    private final List<ClientOperation> operations;
    private final Report report;

    OutcomeChecks(Timeline item, List<ClientOperation> operations, Report report) {
        this.item = item;
        this.operations = operations;
        this.report = report;
    }

    void check() {
        for (ClientOperation operation : operations) {
            if (operation.kind() == Kind.FOREIGN) {
                report.note(Note.FOREIGN);
            } else {
                report.note(operation.kind() == Kind.READ ? Note.READS : Note.WRITES);
            }
            check(operation);
        }
        checkRemovals();
    }

    private void check(ClientOperation operation) {
        Result result = operation.result();
        if (result instanceof Result.Done done) {
            report.note(Note.DONE);
            checkDone(operation, done.version());
        } else if (result instanceof Result.Refused refused) {
            report.note(Note.REFUSED);
            checkRefused(operation, refused);
        } else if (result instanceof Result.Unknown unknown) {
            report.note(Note.UNKNOWN);
            checkUnknown(operation, unknown);
        } else if (result instanceof Result.Failed) {
            report.note(Note.FAILED);
        } else if (result instanceof Result.Found found) {
            checkRead(operation, found.state());
        } else if (result instanceof Result.Absent) {
            checkRead(operation, null);
        }
    }

    /** Nothing but one of these reasons makes an outcome undecidable from what the item keeps. */
    private void checkUnknown(ClientOperation write, Result.Unknown unknown) {
        ItemState seen = write.expected();
        if (unknown.unanswered()) {
            report.note(Note.UNKNOWN_WITHOUT_ANSWER);
        } else if (whileUnderWay(write, state -> state == null)
                || (seen != null && item.removedBy(write.end(), seen))) {
            report.note(Note.UNKNOWN_OF_ABSENT);
        } else if (write.kind() == Kind.DELETE && seen != null && !write.inItsIncarnation()) {
            report.note(Note.UNKNOWN_OF_UNNAMED);
        } else if (write.kind() != Kind.DELETE && marksSince(write) >= MARKS) {
            report.note(Note.UNKNOWN_OF_PUSHED_OUT);
        } else {
            report.violated(Rule.UNKNOWN_HAS_ITS_REASON, write.toString());
        }
    }

    /** How many writes may have left their write id after the state that this write expected, its own not counted. */
    private long marksSince(ClientOperation write) {
        Set<String> marking = operations.stream()
                .filter(operation -> operation.kind().writesPayload()
                        && operation.kind() != Kind.FOREIGN
                        && !operation.equals(write))
                .map(ClientOperation::writeId)
                .collect(Collectors.toSet());
        return item.writesBetween(write.expected(), write.end()).stream()
                .filter(marking::contains)
                .count();
    }

    private void checkRead(ClientOperation read, @Nullable ItemState seen) {
        if (!whileUnderWay(read, state -> Objects.equals(state, seen))) {
            report.violated(Rule.READS_ARE_CURRENT, read + " was not current then");
        }
    }

    private void checkDone(ClientOperation write, @Nullable Long version) {
        if (write.kind() == Kind.DELETE) {
            checkDeleted(write);
            return;
        }
        List<Integer> applied = item.applied(write.writeId());
        boolean asReported = applied.stream()
                .map(position -> item.changes().get(position).after())
                .anyMatch(after -> after != null && (version == null || after.version() == version));
        if (!asReported) {
            report.violated(Rule.SUCCESS_IS_APPLIED, write + ", but was applied " + applied.size() + " times");
        }
    }

    /**
     * The key was unused meanwhile; or the very item that was to be deleted had gone, and the key is used for another
     * one.
     */
    private void checkDeleted(ClientOperation delete) {
        if (whileUnderWay(delete, state -> state == null)) {
            return;
        }
        if (delete.expected() != null && item.removedBy(delete.end(), delete.expected())) {
            report.note(Note.GONE_BEFORE);
        } else {
            report.violated(Rule.SUCCESS_IS_APPLIED, delete + ", but the item was there all the time");
        }
    }

    /**
     * A refused write may be in the stream all the same if a copy of it arrived later, when its condition held: after a
     * delete and a new create, say. Then the reason of the refusal was there before that. A write that was refused
     * because of its own first attempt has no such reason.
     */
    private void checkRefused(ClientOperation write, Result.Refused refused) {
        Predicate<@Nullable ItemState> reason = reason(write, refused);
        List<Integer> applied = write.kind() == Kind.DELETE ? List.of() : item.applied(write.writeId());
        if (applied.isEmpty()) {
            if (!item.wasCurrent(write.start(), write.end(), reason)) {
                report.violated(Rule.REFUSAL_HAS_ITS_REASON, write.toString());
            }
        } else if (item.wasCurrent(write.start(), write.end(), applied.get(0), reason)) {
            report.note(Note.APPLIED_LATER);
        } else {
            report.violated(Rule.REFUSAL_IS_NOT_APPLIED, write.toString());
        }
    }

    private static Predicate<@Nullable ItemState> reason(ClientOperation write, Result.Refused refused) {
        if (refused.refusal() != Refusal.CONFLICT) {
            return state -> (state != null) == (refused.refusal() == Refusal.EXISTS);
        }
        Long actual = refused.actual();
        return state -> state != null
                && write.expected() != null
                && !state.equals(write.expected())
                && (actual == null || state.version() == actual);
    }

    private boolean whileUnderWay(ClientOperation operation, Predicate<@Nullable ItemState> like) {
        return item.wasCurrent(operation.start(), operation.end(), like);
    }

    /**
     * A removal carries no id of who removed. But what was removed is known, and which deletes expected just that:
     * one that was not refused must be among them, or among those that expected nothing.
     */
    private void checkRemovals() {
        Set<@Nullable ItemState> wanted = expectedByDeletes(operation -> !operation.refused());
        Set<@Nullable ItemState> refused = expectedByDeletes(ClientOperation::refused);
        Set<Long> versions = new HashSet<>();
        Set<Long> versionsOfNames = new HashSet<>();
        for (ClientOperation operation : operations) {
            if (operation.kind() == Kind.DELETE && operation.expected() != null) {
                (operation.inItsIncarnation() ? versionsOfNames : versions)
                        .add(operation.expected().version());
            }
        }
        for (int i = 0; i < item.changes().size(); i++) {
            Change change = item.changes().get(i);
            ItemState removed = change.before();
            if (change.after() != null || removed == null || wanted.contains(null) || wanted.contains(removed)) {
                continue;
            }
            boolean expected = versions.contains(removed.version())
                    || (versionsOfNames.contains(removed.version()) && item.inRepeatedIncarnation(i));
            // The key had this very state twice: the refusal is about the one, and a late copy removed the other.
            boolean twice = item.applied(removed.writeId()).size() > 1;
            if (expected && (twice || !refused.contains(removed))) {
                report.note(Note.REMOVED_IN_ANOTHER_LIFE);
            } else {
                report.violated(
                        Rule.REFUSAL_IS_NOT_APPLIED,
                        change + ": no client got the result that this removal is done, but " + deletes(removed));
            }
        }
    }

    private List<ClientOperation> deletes(ItemState expected) {
        return operations.stream()
                .filter(operation -> operation.kind() == Kind.DELETE && expected.equals(operation.expected()))
                .toList();
    }

    /** With null for a delete that expected nothing. */
    private Set<@Nullable ItemState> expectedByDeletes(Predicate<ClientOperation> which) {
        Set<@Nullable ItemState> states = new HashSet<>();
        operations.stream()
                .filter(operation -> operation.kind() == Kind.DELETE)
                .filter(which)
                .forEach(operation -> states.add(operation.expected()));
        return states;
    }
}
