/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** The attempts of one {@link Locks} to acquire that are under way. Thread safe. */
final class PendingAcquires {

    private final LockContext parts;
    private final Set<AcquireLoop> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PendingAcquires(LockContext parts) {
        this.parts = parts;
    }

    /** Begins one, and hands its lease to users where their code may run. If they don't want it any more, it is given back. */
    CompletableFuture<Lease> handed(Supplier<AcquireLoop> made) {
        CompletableFuture<Lease> outer = new CompletableFuture<>();
        try {
            AcquireLoop acquisition = begun(made);
            var unused = acquisition
                    .result()
                    .whenComplete((lease, error) -> LeaseThreads.hand(parts.executor(), () -> {
                        if (error != null) {
                            outer.completeExceptionally(Failures.cause(error));
                        } else if (!outer.complete(lease)) {
                            var unusedRelease = lease.released();
                        }
                    }));
            var unusedWatch = outer.whenComplete((lease, error) -> {
                if (error != null && !acquisition.result().isDone()) {
                    var unusedEnd = acquisition.abandon(error);
                }
            });
        } catch (DynaStoreException e) {
            outer.completeExceptionally(e);
        }
        return outer;
    }

    /** Begins one, and waits for it. */
    Lease awaited(Supplier<AcquireLoop> made) throws InterruptedException {
        AcquireLoop acquisition = begun(made);
        try {
            return acquisition.result().get();
        } catch (InterruptedException e) {
            var unused = acquisition.abandon(e);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException plain
                    ? plain
                    : new DynaStoreException(
                            "Table " + parts.table().name() + ": a lock was not acquired.", e.getCause());
        }
    }

    /** Ends all, and lets none begin. The futures complete when nothing of them is under way any more. */
    List<CompletableFuture<Void>> close() {
        closed = true;
        return underWay.stream()
                .map(acquisition -> acquisition.abandon(closedError()))
                .toList();
    }

    private AcquireLoop begun(Supplier<AcquireLoop> made) {
        if (closed) {
            throw closedError();
        }
        try {
            AcquireLoop acquisition = made.get();
            underWay.add(acquisition);
            var unused = acquisition.begin().whenComplete((taken, error) -> underWay.remove(acquisition));
            if (closed) {
                var unusedEnd = acquisition.abandon(closedError());
            }
            return acquisition;
        } catch (InvalidInputException e) {
            throw e.at("Table " + parts.table().name());
        }
    }

    private DynaStoreException closedError() {
        return new DynaStoreException(
                "Table " + parts.table().name() + ": the locks are closed. Acquire locks before, or on new ones.");
    }
}
