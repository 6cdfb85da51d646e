/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.LockLostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners of one lease. Each runs on the executor. Thread safe. */
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
            report(List.of(listener), known);
        }
    }

    synchronized void onRisk(Consumer<Lease> listener) {
        ofRisk.add(listener);
    }

    /** Reports the loss. Called once per lease. */
    void lost(LockLostException how) {
        List<Consumer<LockLostException>> listeners;
        synchronized (this) {
            loss = how;
            listeners = List.copyOf(ofLoss);
        }
        report(listeners, how);
    }

    void atRisk(Lease lease) {
        List<Consumer<Lease>> listeners;
        synchronized (this) {
            listeners = List.copyOf(ofRisk);
        }
        report(listeners, lease);
    }

    private <T> void report(List<Consumer<T>> listeners, T event) {
        listeners.forEach(listener -> LeaseThreads.hand(executor, () -> listener.accept(event)));
    }
}
