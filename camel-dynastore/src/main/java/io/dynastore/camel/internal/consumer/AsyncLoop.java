/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done in steps, one after the other, some of which have to be waited for: no thread does.
 *
 * <p>A step that is done at once is followed by the next one in a loop, so that a million of them need no more stack than one; a
 * step that takes longer goes on in the executor. The fields of a subclass are touched by one step at a time, and need no
 * synchronization.
 */
abstract class AsyncLoop {

    private final Executor executor;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable Step<?> current;

    /** A step, and what to make of its result. */
    record Step<T extends @Nullable Object>(CompletableFuture<T> result, Consumer<T> then) {

        void finish() {
            then.accept(result.join());
        }
    }

    AsyncLoop(Executor executor) {
        this.executor = executor;
    }

    /** The next step; null if there is none. */
    abstract @Nullable Step<?> next();

    /** Begins with the first step, in the executor; completes when there is none any more, or fails as the step has that failed. */
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
        } catch (CompletionException e) {
            ended.completeExceptionally(Failures.cause(e));
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
        }
    }
}
