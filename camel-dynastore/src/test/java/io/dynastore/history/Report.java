/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the checks found. Not thread safe. */
final class Report {

    /** What must hold. */
    enum Rule {
        /** The stream itself makes sense: each change starts from what the one before it left. */
        STREAM_IS_WHOLE,
        /** A incarnation begins at version 1, and each change makes it one more. */
        VERSIONS_RISE_BY_ONE,
        /** A write is applied on the version that it expected, a create on nothing. */
        WRITES_MEET_THEIR_CONDITION,
        /** No write is applied twice, unless its contract allows that. */
        WRITES_ARE_APPLIED_ONCE,
        /** What was reported as done is in the stream, at the version that was reported. */
        SUCCESS_IS_APPLIED,
        /** What was reported as refused is not in the stream. */
        REFUSAL_IS_NOT_APPLIED,
        /** The reason that was given for a refusal was there while the call was under way. */
        REFUSAL_HAS_ITS_REASON,
        /** What was reported as unknown does not follow from what the item keeps. */
        UNKNOWN_HAS_ITS_REASON,
        /** A read returns what was current while it was under way. */
        READS_ARE_CURRENT,
        /** Each increment counts once. */
        COUNTERS_ADD_UP,
        /** Each item that is there all the time is listed exactly once. */
        LISTS_ARE_COMPLETE
    }

    /** What is no violation, but worth knowing. */
    enum Note {
        CHANGES,
        WRITES,
        DONE,
        REFUSED,
        READS,
        FOREIGN,
        /** The result of the client was that the outcome is unknown. */
        UNKNOWN,
        /** Of these: no response came at all. */
        UNKNOWN_WITHOUT_ANSWER,
        /**
         * Of these: the item was removed meanwhile, by the write itself or by others, and took along what could tell.
         */
        UNKNOWN_OF_ABSENT,
        /**
         * Of these: a delete of an item that only foreign programs had written, so that nothing names its incarnation.
         */
        UNKNOWN_OF_UNNAMED,
        /** Of these: so many others left their write ids that the write's own may have been pushed out. */
        UNKNOWN_OF_PUSHED_OUT,
        /** The client got an error of the SDK. */
        FAILED,
        /** Applied twice with another writer in between, as a write without expected version may be. */
        ALLOWED_REPEATS,
        /** Applied once more after the item was deleted: a version identifies an item within one incarnation only. */
        REPEATS_IN_ANOTHER_LIFE,
        /** Removed at the version that a delete expected, but in another incarnation than the one that it had read. */
        REMOVED_IN_ANOTHER_LIFE,
        /** A delete that is done, of an item that had gone before it began, and whose key was used anew by then. */
        GONE_BEFORE,
        /** Refused for a reason that was there, and applied when a late copy of the request met another state. */
        APPLIED_LATER
    }

    /**
     * Something that must not happen.
     *
     * @param rule what it breaks
     * @param text what happened
     */
    record Violation(Rule rule, String text) {}

    private final List<Violation> violations = new ArrayList<>();
    private final Map<Note, Long> notes = new EnumMap<>(Note.class);

    void violated(Rule rule, String text) {
        violations.add(new Violation(rule, text));
    }

    void note(Note note) {
        notes.merge(note, 1L, Long::sum);
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** How many violations there are of each rule that was broken. */
    Map<Rule, Long> broken() {
        Map<Rule, Long> broken = new EnumMap<>(Rule.class);
        violations.forEach(violation -> broken.merge(violation.rule(), 1L, Long::sum));
        return broken;
    }

    long count(Note note) {
        return notes.getOrDefault(note, 0L);
    }

    @Override
    public String toString() {
        return violations.size() + " violations " + broken() + ", " + notes;
    }
}
