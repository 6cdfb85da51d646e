/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs short tasks on a few threads, and adds threads while tasks block. Thread safe.
 *
 * <p>A thread for each task would cost a wake-up for each. A fixed number of threads could deadlock: all of them
 * might wait for something that only a queued task does. So a few tasks run at a time, and the others are queued.
 *
 * <p>While tasks are queued, the executor samples its workers every few milliseconds. A worker that was at the same
 * task in two samples is slow, and no longer counts as busy. For each slow worker another task may run. So the number
 * of threads doubles again and again while all tasks block.
 *
 * <p>One thread is woken up at a time; no other is until it has arrived. If it then finds more than one task, it
 * wakes up the next. So a late thread finds several tasks, rather than being followed by as many threads. Go's
 * scheduler has the same rule for spinning threads.
 *
 * <p>Tasks begin in the order of their submission, except those submitted at the same time. If all tasks block for
 * ever, every two samples let as many more begin as there are. A task that fails is logged and affects no other.
 *
 * <p>Decision 5 in docs/decisions has the reasons.
 */
final class ElasticExecutor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreComponent");

    private final Executor threads;
    private final Consumer<Runnable> sampler;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

    /** The number of workers that are not slow. */
    private final AtomicInteger busy = new AtomicInteger();

    /** The number of slow workers. */
    private final AtomicInteger slow = new AtomicInteger();
    /** Whether a sample is due. */
    private final AtomicBoolean sampling = new AtomicBoolean();

    /** Whether a worker is starting: it will find what is submitted until it has arrived. */
    private final AtomicBoolean starting = new AtomicBoolean();

    /** Whether it was logged that no thread can be created. */
    private final AtomicBoolean noThreadLogged = new AtomicBoolean();

    private volatile int parallelism;

    private enum Pace {
        /** Between two tasks. */
        NONE,
        /** At a task that no sample has seen. */
        NEW,
        /** At a task that one sample has seen. */
        SEEN,
        /** At a task that two samples have seen: no longer counts as busy. */
        SLOW
    }

    /**
     * An executor without tasks.
     *
     * @param threads runs each worker at once, on a thread of its own
     * @param sampler runs a sample after a few milliseconds
     * @param parallelism how many tasks run at a time if none is slow; positive
     */
    ElasticExecutor(Executor threads, Consumer<Runnable> sampler, int parallelism) {
        this.threads = threads;
        this.sampler = sampler;
        this.parallelism = parallelism;
    }

    @Override
    public void execute(Runnable task) {
        queue.add(task);
        startWorker();
    }

    /** From now on every task runs at once, including the queued ones; no more samples are taken. */
    void release() {
        parallelism = Integer.MAX_VALUE;
        startWorker();
    }

    /** The number of threads at work. */
    int threads() {
        return workers.size();
    }

    /** Ensures that a worker takes the queued tasks, now or after a sample. */
    private void startWorker() {
        while (!queue.isEmpty() && starting.compareAndSet(false, true)) {
            if (enter()) {
                startThread();
                return;
            }
            starting.set(false);
            // Again: a worker that left in between may have seen no task, and a submitter a worker that is starting.
            if (!hasRoom(busy.get())) {
                scheduleSample();
                return;
            }
        }
    }

    private void startThread() {
        try {
            threads.execute(new Worker());
            noThreadLogged.setPlain(false);
        } catch (RuntimeException | Error e) {
            // For example, no native thread. If this threw, the task would be lost: completing a future ignores it.
            busy.decrementAndGet();
            starting.set(false);
            if (noThreadLogged.compareAndSet(false, true)) {
                LOG.warn("No thread can be made for a route to continue; this is retried", e);
            }
            scheduleSample();
        }
    }

    private boolean hasRoom(int now) {
        return now < Math.max(parallelism, slow.get());
    }

    private boolean enter() {
        int now = busy.get();
        while (hasRoom(now)) {
            if (busy.compareAndSet(now, now + 1)) {
                return true;
            }
            now = busy.get();
        }
        return false;
    }

    private void scheduleSample() {
        if (parallelism != Integer.MAX_VALUE && sampling.compareAndSet(false, true)) {
            try {
                sampler.accept(this::sample);
            } catch (RuntimeException | Error e) {
                // For example, no native thread for it. Whoever submits the next task tries again.
                sampling.set(false);
                LOG.warn("Blocking routes can't be looked for; this is retried with the next task", e);
            }
        }
    }

    private void sample() {
        sampling.set(false);
        if (!queue.isEmpty()) {
            workers.forEach(Worker::sample);
            startWorker();
            scheduleSample();
        }
    }

    private final class Worker implements Runnable {
        private final AtomicReference<Pace> pace = new AtomicReference<>(Pace.NONE);

        @Override
        public void run() {
            workers.add(this);
            starting.set(false);
            Runnable first = queue.poll();
            startWorker();
            work(first);
            // A submitter that found no room left its task to this worker: check again after leaving, so that none is
            // lost.
            while (!queue.isEmpty() && enter()) {
                work(queue.poll());
            }
            workers.remove(this);
        }

        /** Runs tasks until none is queued, or other workers suffice. The worker does not count as busy on return. */
        private void work(@Nullable Runnable first) {
            Runnable task = first;
            while (task != null) {
                if (!ran(task)) {
                    return;
                }
                task = queue.poll();
            }
            busy.decrementAndGet();
        }

        /** Runs a task; returns whether the worker still counts as busy. */
        private boolean ran(Runnable task) {
            pace.set(Pace.NEW);
            runLogged(task);
            if (pace.getAndSet(Pace.NONE) == Pace.SLOW) {
                slow.decrementAndGet();
                return enter();
            }
            return true;
        }

        /** Counts one more sample of the task that this worker is at. */
        void sample() {
            if (!pace.compareAndSet(Pace.NEW, Pace.SEEN) && pace.compareAndSet(Pace.SEEN, Pace.SLOW)) {
                slow.incrementAndGet();
                busy.decrementAndGet();
            }
        }
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A task of a route failed", e);
        }
        // The interrupt was for that task, as in Java's own pools.
        boolean unused = Thread.interrupted();
    }
}
