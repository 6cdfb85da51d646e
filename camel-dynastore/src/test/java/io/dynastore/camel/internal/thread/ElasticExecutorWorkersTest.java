/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The workers that the executor starts. The test runs each of them by hand. */
@Timeout(60)
class ElasticExecutorWorkersTest {

    private static final int PARALLELISM = 3;

    /** Samples that are due. */
    private final Queue<Runnable> samples = new ArrayDeque<>();

    private final Queue<Runnable> workers = new ArrayDeque<>();
    private final ElasticExecutor executor = new ElasticExecutor(workers::add, samples::add, PARALLELISM);

    @Test
    void oneThreadIsWokenUpAtATimeAndRunsTasksSubmittedInBetween() {
        List<Integer> done = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            executor.execute(() -> done.add(number));
        }
        assertThat(workers).hasSize(1);

        workers.remove().run();

        assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(workers)
                .as("more than one task was queued, so another worker was started")
                .hasSize(1);
    }

    @Test
    void workerThatFindsMoreThanOneTaskWakesUpTheNextUntilThereIsNoRoom() {
        List<Integer> pendingWorkers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            executor.execute(() -> {
                pendingWorkers.add(workers.size());
                if (!workers.isEmpty()) {
                    workers.remove().run();
                }
            });
        }

        workers.remove().run();

        assertThat(pendingWorkers).startsWith(1, 1, 0).hasSize(10);
    }

    @Test
    void taskWaitsUntilAThreadCanBeCreated() {
        AtomicBoolean none = new AtomicBoolean(true);
        ElasticExecutor failing = new ElasticExecutor(
                worker -> {
                    if (none.get()) {
                        throw new OutOfMemoryError("unable to create native thread, on purpose");
                    }
                    workers.add(worker);
                },
                samples::add,
                PARALLELISM);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 2 * PARALLELISM; i++) {
            failing.execute(done::incrementAndGet);
        }
        assertThat(samples).as("however often it fails, one sample is due").hasSize(1);
        samples.remove().run();
        assertThat(samples).hasSize(1);

        none.set(false);
        samples.remove().run();
        workers.remove().run();

        assertThat(done).hasValue(2 * PARALLELISM);
    }

    @Test
    void interruptOfATaskDoesNotReachTheNextTask() throws Exception {
        ElasticExecutor single = new ElasticExecutor(workers::add, samples::add, 1);
        AtomicBoolean reached = new AtomicBoolean();
        single.execute(() -> Thread.currentThread().interrupt());
        single.execute(() -> reached.set(Thread.currentThread().isInterrupted()));

        CompletableFuture.runAsync(workers.remove(), task -> new Thread(task).start())
                .get();

        assertThat(reached).isFalse();
    }
}
