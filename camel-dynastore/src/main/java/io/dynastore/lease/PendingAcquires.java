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

/** The acquires of one {@link Locks} that are not finished. Thread safe. */
final class PendingAcquires {

    private final LockContext context;
    private final Set<AcquireLoop> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PendingAcquires(LockContext context) {
        this.context = context;
    }

    /** Starts one. Its lease is handed over on the executor. If the caller has cancelled, the lock is released. */
    CompletableFuture<Lease> handed(Supplier<AcquireLoop> made) {
        CompletableFuture<Lease> outer = new CompletableFuture<>();
        try {
            AcquireLoop loop = begun(made);
            var unused = loop.result()
                    .whenComplete((lease, error) -> LeaseThreads.hand(context.executor(), () -> {
                        if (error != null) {
                            outer.completeExceptionally(Failures.cause(error));
                        } else if (!outer.complete(lease)) {
                            var unusedRelease = lease.released();
                        }
                    }));
            var unusedWatch = outer.whenComplete((lease, error) -> {
                if (error != null && !loop.result().isDone()) {
                    var unusedEnd = loop.abandon(error);
                }
            });
        } catch (DynaStoreException e) {
            outer.completeExceptionally(e);
        }
        return outer;
    }

    /** Starts one, and waits for it. */
    Lease awaited(Supplier<AcquireLoop> made) throws InterruptedException {
        AcquireLoop loop = begun(made);
        try {
            return loop.result().get();
        } catch (InterruptedException e) {
            var unused = loop.abandon(e);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException plain
                    ? plain
                    : new DynaStoreException(
                            "Table " + context.client().tableName() + ": a lock was not acquired.", e.getCause());
        }
    }

    /** Ends all, and lets none start. The futures complete when no request is in flight any more. */
    List<CompletableFuture<Void>> close() {
        closed = true;
        return pending.stream().map(loop -> loop.abandon(closedError())).toList();
    }

    private AcquireLoop begun(Supplier<AcquireLoop> made) {
        if (closed) {
            throw closedError();
        }
        try {
            AcquireLoop loop = made.get();
            pending.add(loop);
            var unused = loop.begin().whenComplete((taken, error) -> pending.remove(loop));
            if (closed) {
                var unusedEnd = loop.abandon(closedError());
            }
            return loop;
        } catch (InvalidInputException e) {
            throw e.at("Table " + context.client().tableName());
        }
    }

    private DynaStoreException closedError() {
        return new DynaStoreException(
                "Table " + context.client().tableName() + ": the locks are closed. Open new ones to acquire a lock.");
    }
}
