/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The latest position of a lease that no write has confirmed, and who waits for it. Used by one thread. */
final class UnsavedPosition {

    private @Nullable String position;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /** A position is reached; null if none is. */
    void reached(@Nullable String next) {
        position = next == null ? position : next;
    }

    /** The position that the next write carries; null if there is none. */
    @Nullable
    String position() {
        return position;
    }

    /** A write that carried this position is confirmed. */
    void confirmed(@Nullable String sent) {
        if (sent != null && sent.equals(position)) {
            position = null;
        }
    }

    /** Has somebody wait for the next write. */
    void await(CompletableFuture<Void> saved) {
        waiting.add(saved);
    }

    /** Whether somebody waits for a write that was not sent yet. */
    boolean awaited() {
        return !waiting.isEmpty();
    }

    /** All who wait: the write that is sent now serves them. */
    List<CompletableFuture<Void>> served() {
        List<CompletableFuture<Void>> served = waiting;
        waiting = new ArrayList<>();
        return served;
    }

    /** Has these wait again, before others: their write was not confirmed. */
    void awaitAgain(List<CompletableFuture<Void>> unserved) {
        waiting.addAll(0, unserved);
    }

    /** Nobody waits any more: a later write carries the position. */
    void release() {
        complete(served());
    }

    /** Nobody waits any more: the lease has ended. */
    void fail() {
        served().forEach(one -> one.completeExceptionally(PartitionLease.over()));
    }

    static void complete(List<CompletableFuture<Void>> served) {
        served.forEach(one -> one.complete(null));
    }
}
