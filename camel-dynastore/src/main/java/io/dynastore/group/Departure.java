/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.concurrent.CompletableFuture;

/**
 * How a member gives all its partitions up: for a while, or for ever. Runs on the thread of the member.
 *
 * <p>Each partition is free when nobody reads it any more. Then its successor is told.
 */
final class Departure {

    private final OwnedPartitions owned;
    private final Takes takes;
    private final Successors successors;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private boolean suspended;
    private boolean leaving;

    Departure(OwnedPartitions owned, Takes takes, Successors successors) {
        this.owned = owned;
        this.takes = takes;
        this.successors = successors;
    }

    /** Whether the member is suspended, leaves or has left. */
    boolean begun() {
        return suspended || leaving;
    }

    /** Whether the member leaves or has left. */
    boolean leaving() {
        return leaving;
    }

    /** Completes when the member leaves and all its partitions are free. */
    CompletableFuture<Void> left() {
        return left;
    }

    /** Completes after {@link #left}, when all successors are told. */
    CompletableFuture<Void> told() {
        return told;
    }

    void suspend() {
        begin();
        suspended = true;
        giveAllUp();
    }

    void resume() {
        suspended = false;
    }

    void leave() {
        begin();
        leaving = true;
        giveAllUp();
        proceed();
    }

    private void begin() {
        if (!suspended) {
            successors.begin();
        }
    }

    /** Gives up what the member still has. */
    void giveAllUp() {
        takes.clear();
        owned.giveUpIf(lease -> true);
    }

    /** A partition is free, and nobody has asked for it. */
    void freed(PartitionLease lease) {
        if (begun()) {
            successors.freed(lease.partition(), lease.token());
        }
    }

    /** A partition has ended, an acquire has, or a successor is told. */
    void proceed() {
        if (leaving && owned.all().isEmpty() && takes.pending().isEmpty()) {
            left.complete(null);
            if (successors.idle()) {
                told.complete(null);
            }
        }
    }

    /** Ends at once. What is not free runs out. */
    void abandon() {
        leaving = true;
        owned.abandon();
        left.complete(null);
        told.complete(null);
    }
}
