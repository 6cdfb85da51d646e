/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Requests that are to reach the engine some time later, and whose responses nobody waits for. Thread safe. */
final class LateRequests {

    private final Set<Late> waiting = ConcurrentHashMap.newKeySet();

    /** Sends a request after the delay, or when {@link #settle} is called before. */
    void add(Duration delay, Supplier<? extends CompletableFuture<?>> send) {
        Late late = new Late(send);
        waiting.add(late);
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(late::start);
    }

    /** Sends at once what still waits, and waits until the engine has answered all of it. */
    void settle() {
        List<Late> all = List.copyOf(waiting);
        all.forEach(Late::start);
        all.forEach(late -> late.end.join());
    }

    private final class Late {
        private final Supplier<? extends CompletableFuture<?>> send;
        private final AtomicBoolean started = new AtomicBoolean();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        Late(Supplier<? extends CompletableFuture<?>> send) {
            this.send = send;
        }

        void start() {
            if (started.compareAndSet(false, true)) {
                var unused = send.get().whenComplete((response, failure) -> {
                    waiting.remove(this);
                    end.complete(null);
                });
            }
        }
    }
}
