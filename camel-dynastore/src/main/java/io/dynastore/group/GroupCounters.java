/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.concurrent.atomic.LongAdder;

/** Counts what has happened to the partitions of one member. Thread safe. */
public final class GroupCounters {

    private final LongAdder taken = new LongAdder();
    private final LongAdder takenOver = new LongAdder();
    private final LongAdder moved = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder refused = new LongAdder();

    void taken(boolean over) {
        taken.increment();
        if (over) {
            takenOver.increment();
        }
    }

    void moved() {
        moved.increment();
    }

    void lost() {
        lost.increment();
    }

    void refused() {
        refused.increment();
    }

    /** How many partitions it has taken. */
    public long takenTotal() {
        return taken.sum();
    }

    /** How many of them were taken from a member that had not freed them. */
    public long takenOverTotal() {
        return takenOver.sum();
    }

    /** How many partitions it has given up for another member. */
    public long movedTotal() {
        return moved.sum();
    }

    /** How many partitions it has lost: another member has them, or they were not renewed in time. */
    public long lostTotal() {
        return lost.sum();
    }

    /** How many times another member was faster to take a partition. */
    public long refusedTotal() {
        return refused.sum();
    }
}
