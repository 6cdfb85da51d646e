/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Failures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Consumes the partitions of one poll, a limited number at a time.
 *
 * <ol>
 *   <li>Each worker takes the next partition when it has ended the one before.
 *   <li>The workers end when the cycle is complete, the quota is used up, or the poll may not read any more.
 *   <li>A partition whose read is cancelled is interrupted: it comes first in the next poll.
 *   <li>If a partition can't be read, the others continue. Its error is that of the poll, after all workers have ended.
 * </ol>
 *
 * <p>Decision 13 in docs/decisions has the reasons.
 */
final class PartitionWorkers {

    private final PartitionCycle cycle;
    private final ItemQuota quota;
    private final PartitionTask.Poll poll;
    private final TaskFactory tasks;
    private final List<Partition> interrupted = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());

    /** Makes the task of a partition. */
    interface TaskFactory {
        PartitionTask create(Partition partition, Executor executor);
    }

    PartitionWorkers(PartitionCycle cycle, ItemQuota quota, PartitionTask.Poll poll, TaskFactory tasks) {
        this.cycle = cycle;
        this.quota = quota;
        this.poll = poll;
        this.tasks = tasks;
    }

    /**
     * Starts the workers.
     *
     * @param most the largest number of workers
     * @param executors returns the executor of a worker by its number
     * @return completes when all workers have ended; fails with the first error of a partition
     */
    CompletableFuture<Void> start(int most, IntFunction<Executor> executors) {
        int count = Math.max(1, Math.min(most, cycle.size()));
        CompletableFuture<?>[] workers = IntStream.range(0, count)
                .mapToObj(number -> new Worker(executors.apply(number)).start())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(workers).thenRun(this::finish);
    }

    private void finish() {
        cycle.putBack(List.copyOf(interrupted));
        if (!errors.isEmpty()) {
            Throwable first = errors.get(0);
            errors.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
            throw new CompletionException(first);
        }
    }

    /** Consumes one partition at a time. */
    private final class Worker extends AsyncLoop {
        private final Executor executor;

        Worker(Executor executor) {
            super(executor);
            this.executor = executor;
        }

        @Override
        @Nullable
        Step<?> next() {
            Partition partition = poll.mayRead() && quota.remaining() > 0 ? cycle.take() : null;
            return partition == null ? null : consume(partition);
        }

        private Step<?> consume(Partition partition) {
            PartitionTask task = tasks.create(partition, executor);
            return new Step<>(task.begin().handle((ended, error) -> error), error -> {
                Throwable cause = error == null ? null : Failures.cause(error);
                if (cause != null && !(cause instanceof CancellationException)) {
                    errors.add(cause);
                } else if (cause != null || task.result() == PartitionTask.Result.INTERRUPTED) {
                    interrupted.add(partition);
                }
            });
        }
    }
}
