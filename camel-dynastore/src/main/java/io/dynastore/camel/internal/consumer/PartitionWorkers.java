/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.Failures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one poll, so many at a time: each lane takes the next one when it is done with one, until the pass is over, the
 * budget used up, or the poll told to stop.
 *
 * <p>A partition that can't be read does not hold up the others: its error is that of the whole poll, when all are done.
 */
public final class PartitionWorkers {

    private final PartitionCycle pass;
    private final ItemQuota budget;
    private final PartitionTask.Poll poll;
    private final Runs runs;
    private final List<Partition> interrupted = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());

    /** Makes the run of a partition. */
    public interface Runs {
        PartitionTask of(Partition partition, Executor executor);
    }

    public PartitionWorkers(PartitionCycle pass, ItemQuota budget, PartitionTask.Poll poll, Runs runs) {
        this.pass = pass;
        this.budget = budget;
        this.poll = poll;
        this.runs = runs;
    }

    /**
     * Runs them all.
     *
     * @param most how many at a time
     * @param executors the executor of each lane, by its number
     * @return completes when the poll is over; fails with the first error
     */
    public CompletableFuture<Void> start(int most, Function<Integer, Executor> executors) {
        int lanes = Math.max(1, Math.min(most, pass.size()));
        CompletableFuture<?>[] all = IntStream.range(0, lanes)
                .mapToObj(number -> new Lane(executors.apply(number)).start())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(all).thenRun(this::finish);
    }

    private void finish() {
        pass.putBack(List.copyOf(interrupted));
        if (!errors.isEmpty()) {
            Throwable first = errors.get(0);
            errors.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
            throw new CompletionException(first);
        }
    }

    /** Works on one partition at a time. */
    private final class Lane extends AsyncLoop {
        private final Executor executor;

        Lane(Executor executor) {
            super(executor);
            this.executor = executor;
        }

        @Override
        @Nullable
        Step<?> next() {
            Partition partition = poll.mayRead() && budget.left() > 0 ? pass.take() : null;
            return partition == null ? null : run(partition);
        }

        private Step<?> run(Partition partition) {
            PartitionTask run = runs.of(partition, executor);
            return new Step<>(run.start().handle((ended, error) -> error), error -> {
                if (error != null) {
                    errors.add(Failures.cause(error));
                } else if (run.ending() == PartitionTask.Ending.INTERRUPTED) {
                    interrupted.add(partition);
                }
            });
        }
    }
}
