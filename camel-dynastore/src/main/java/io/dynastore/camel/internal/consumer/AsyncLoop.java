/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop of asynchronous steps, one after the other. No thread waits for a step.
 *
 * <ol>
 *   <li>If a step is done at once, the next one follows in a Java loop. So the depth of the stack does not depend on
 *       their number.
 *   <li>If a step takes longer, the loop continues in the executor when the step is done.
 *   <li>One step at a time touches the fields of a subclass. So they need no synchronization.
 * </ol>
 */
abstract class AsyncLoop {

    private final Executor executor;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable Step<?> current;

    /** A step, and the consumer of its result. */
    record Step<T extends @Nullable Object>(CompletableFuture<T> result, Consumer<T> then) {

        void finish() {
            then.accept(result.join());
        }
    }

    AsyncLoop(Executor executor) {
        this.executor = executor;
    }

    /** The next step; null at the end of the loop. */
    abstract @Nullable Step<?> next();

    /** Starts the loop in the executor. Completes at its end, or fails with the error of the first step that fails. */
    final CompletableFuture<Void> start() {
        executor.execute(this::proceed);
        return ended;
    }

    private void proceed() {
        try {
            while (true) {
                Step<?> step = current == null ? next() : current;
                if (step == null) {
                    ended.complete(null);
                    return;
                }
                current = step;
                if (!step.result().isDone()) {
                    CompletableFuture<?> unused =
                            step.result().whenCompleteAsync((result, error) -> proceed(), executor);
                    return;
                }
                current = null;
                step.finish();
            }
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(Failures.cause(e));
        }
    }
}
