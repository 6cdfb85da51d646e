/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order, the threads and the end of a loop of asynchronous steps. */
class AsyncLoopTest {

    private final List<Integer> results = new ArrayList<>();

    /** A loop of this many steps. The function makes the result of a step from its number. */
    private final class Numbered extends AsyncLoop {
        private final int count;
        private final IntFunction<CompletableFuture<Integer>> result;
        private int begun;

        Numbered(Executor executor, int count, IntFunction<CompletableFuture<Integer>> result) {
            super(executor);
            this.count = count;
            this.result = result;
        }

        @Override
        @Nullable
        Step<?> next() {
            return begun == count ? null : new Step<>(result.apply(begun++), results::add);
        }
    }

    @Test
    void stackDepthDoesNotDependOnTheNumberOfSteps() {
        CompletableFuture<Void> ended =
                new Numbered(Runnable::run, 100_000, CompletableFuture::completedFuture).start();

        assertThat(ended).isCompleted();
        assertThat(results).hasSize(100_000);
    }

    @Test
    void thousandsOfStepsKeepTheirOrderAcrossThreads() {
        CompletableFuture<Void> ended = new Numbered(
                        ForkJoinPool.commonPool(),
                        10_000,
                        number -> number % 5 != 0
                                ? CompletableFuture.completedFuture(number)
                                : CompletableFuture.supplyAsync(() -> number))
                .start();

        ended.join();
        assertThat(results).hasSize(10_000).isSorted();
    }

    @Test
    void eachStepBeginsWhenTheOneBeforeIsDone() {
        List<CompletableFuture<Integer>> pending = new ArrayList<>();
        CompletableFuture<Void> ended = new Numbered(Runnable::run, 3, number -> {
                    CompletableFuture<Integer> result = new CompletableFuture<>();
                    pending.add(result);
                    return result;
                })
                .start();

        assertThat(pending).hasSize(1);
        pending.get(0).complete(10);
        assertThat(pending).hasSize(2);
        pending.get(1).complete(11);
        assertThat(ended).isNotDone();
        pending.get(2).complete(12);

        assertThat(ended).isCompleted();
        assertThat(results).containsExactly(10, 11, 12);
    }

    @Test
    void eachStepFinishesInTheExecutor() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        CompletableFuture<Integer> result = new CompletableFuture<>();
        CompletableFuture<Void> ended = new Numbered(tasks::add, 1, number -> result).start();

        result.complete(1);
        assertThat(results).isEmpty();
        tasks.remove().run();
        assertThat(results).containsExactly(1);
        assertThat(ended).isCompleted();
    }

    @Test
    void firstFailureEndsTheLoopUnchanged() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        CompletableFuture<Void> ended = new Numbered(
                        Runnable::run,
                        3,
                        number -> number == 1
                                ? CompletableFuture.failedFuture(failure)
                                : CompletableFuture.completedFuture(number))
                .start();

        assertThatThrownBy(ended::join).isInstanceOf(CompletionException.class).hasCause(failure);
        assertThat(results).containsExactly(0);
    }

    @Test
    void stepThatCanNotBeMadeFailsTheLoop() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        CompletableFuture<Void> ended = new Numbered(Runnable::run, 1, number -> {
                    throw failure;
                })
                .start();

        assertThatThrownBy(ended::join).hasCause(failure);
    }
}
