/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is told of one lease, each on the executor. Thread safe. */
final class LeaseListeners {

    private final Executor executor;
    private final List<Consumer<LockLostException>> ofLoss = new ArrayList<>();
    private final List<Consumer<Lease>> ofRisk = new ArrayList<>();
    private @Nullable LockLostException loss;

    LeaseListeners(Executor executor) {
        this.executor = executor;
    }

    void onLoss(Consumer<LockLostException> listener) {
        LockLostException known;
        synchronized (this) {
            known = loss;
            ofLoss.add(listener);
        }
        if (known != null) {
            tell(List.of(listener), known);
        }
    }

    synchronized void onRisk(Consumer<Lease> listener) {
        ofRisk.add(listener);
    }

    /** Once in a lease's incarnation. */
    void lost(LockLostException how) {
        List<Consumer<LockLostException>> told;
        synchronized (this) {
            loss = how;
            told = List.copyOf(ofLoss);
        }
        tell(told, how);
    }

    void atRisk(Lease lease) {
        List<Consumer<Lease>> told;
        synchronized (this) {
            told = List.copyOf(ofRisk);
        }
        tell(told, lease);
    }

    private <T> void tell(List<Consumer<T>> listeners, T event) {
        listeners.forEach(listener -> LeaseThreads.hand(executor, () -> listener.accept(event)));
    }
}
