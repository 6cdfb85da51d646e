/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.Report.Note;
import io.dynastore.history.Report.Rule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the stream alone, and with it who wrote, must obey. */
final class ChangeChecks {

    private final Timeline item;
    private final Map<String, ClientOperation> writers;
    private final Report report;

    /** Writers by their write ids. */
    ChangeChecks(Timeline item, Map<String, ClientOperation> writers, Report report) {
        this.item = item;
        this.writers = writers;
        this.report = report;
    }

    void check() {
        ItemState last = null;
        for (int position = 0; position < item.changes().size(); position++) {
            Change change = item.changes().get(position);
            report.note(Note.CHANGES);
            if (!Objects.equals(last, change.before())) {
                report.violated(Rule.STREAM_IS_WHOLE, change + " does not start from " + last);
            }
            checkVersion(change);
            checkWriter(change, position);
            last = change.after();
        }
    }

    private void checkVersion(Change change) {
        ItemState after = change.after();
        if (after == null) {
            return;
        }
        long before = change.before() == null ? 0 : change.before().version();
        if (after.version() != before + 1) {
            report.violated(Rule.VERSIONS_RISE_BY_ONE, change.toString());
        }
    }

    private void checkWriter(Change change, int position) {
        String writeId = change.writeId();
        if (writeId == null) {
            return;
        }
        ClientOperation writer = writers.get(writeId);
        if (writer == null) {
            report.violated(Rule.STREAM_IS_WHOLE, change + " was written by none of the clients");
            return;
        }
        if (!conditionHolds(writer, change.before()) && !item.inRepeatedIncarnation(position)) {
            report.violated(Rule.WRITES_MEET_THEIR_CONDITION, writer + " was applied on " + change.before());
        }
        List<Integer> all = item.applied(writeId);
        int which = all.indexOf(position);
        if (which > 0) {
            checkRepeat(writer, all.get(which - 1), position);
        }
    }

    private static boolean conditionHolds(ClientOperation writer, @Nullable ItemState before) {
        if (writer.expected() != null) {
            return before != null && writer.expects(before);
        }
        return switch (writer.kind()) {
            case CREATE -> before == null;
            case UPDATE -> before != null;
            case PUT, FOREIGN -> true;
            case READ, DELETE -> false;
        };
    }

    private void checkRepeat(ClientOperation writer, int first, int second) {
        boolean otherIncarnation = item.removedBetween(first, second);
        if (writer.mayRepeat() && second > first + 1) {
            report.note(Note.ALLOWED_REPEATS);
        } else if (otherIncarnation && writer.kind() != Kind.FOREIGN && !writer.exactlyOnce()) {
            report.note(Note.REPEATS_IN_ANOTHER_LIFE);
        } else {
            report.violated(Rule.WRITES_ARE_APPLIED_ONCE, writer + " was applied again");
        }
    }
}
