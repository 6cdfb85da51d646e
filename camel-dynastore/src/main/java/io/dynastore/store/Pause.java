/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** How a store waits between two requests: without a thread. Implementations are thread safe. */
@FunctionalInterface
public interface Pause {

    /** A future that completes after this time. */
    CompletableFuture<Void> of(Duration time);

    /** Waits by the JDK's own timer, and continues in the executor. */
    static Pause timer(Executor executor) {
        return time -> CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS, executor));
    }
}
