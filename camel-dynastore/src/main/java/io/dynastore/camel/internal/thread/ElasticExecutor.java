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
 * Runs quick tasks on a few threads, and as many tasks as there are when they block. Thread safe.
 *
 * <p>A thread for each task would be woken up for each, and all of them would share a few processors; a fixed number of threads
 * could all be waiting for something that only a queued task can bring about. Here a few tasks run at a time, and the rest is
 * queued. While something is queued, a look every few milliseconds counts out those who were at the same task at the look
 * before: for each of them another may run, so that the number of threads doubles, again and again, as long as all of them block.
 *
 * <p>One thread is woken up at a time. While it is on its way, nobody wakes up another one; when it has come and finds more than one
 * task, it wakes up the next. So a thread that is late finds several tasks, instead of being followed by as many threads. (Go's
 * scheduler has this rule for threads that look for work.)
 *
 * <p>Tasks begin in the order of their submission, but for those submitted at the same time. Where all of them block for ever, every two
 * looks let as many more begin as there are. A task that fails is logged and holds up nobody.
 */
final class ElasticExecutor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreComponent");

    private final Executor threads;
    private final Consumer<Runnable> later;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

    /** Those at work but for the slow ones. */
    private final AtomicInteger busy = new AtomicInteger();

    private final AtomicInteger slow = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();

    /** Whether a worker has been hired that has not come yet: it sees to what is submitted meanwhile. */
    private final AtomicBoolean coming = new AtomicBoolean();

    /** Whether it has been told that no thread could be made. */
    private final AtomicBoolean stranded = new AtomicBoolean();

    private volatile int quick;

    private enum Pace {
        /** Between two tasks. */
        NONE,
        /** At a task that no look has met yet. */
        NEW,
        /** At a task that one look has met. */
        MET,
        /** At a task that two looks have met: counts as busy no more. */
        SLOW
    }

    /**
     * Has nothing to do yet.
     *
     * @param threads runs everything at once that it is given
     * @param later runs a look after a few milliseconds
     * @param quick how many tasks run at a time if none of them takes long; positive
     */
    ElasticExecutor(Executor threads, Consumer<Runnable> later, int quick) {
        this.threads = threads;
        this.later = later;
        this.quick = quick;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        hire();
    }

    /** From now on all tasks run at once, also those that are waiting; no look is taken any more. */
    void release() {
        quick = Integer.MAX_VALUE;
        hire();
    }

    /** How many threads are at work just now. */
    int threads() {
        return workers.size();
    }

    /** Sees to it that somebody comes for what is waiting, now or after a look. */
    private void hire() {
        while (!waiting.isEmpty() && coming.compareAndSet(false, true)) {
            if (enter()) {
                begin();
                return;
            }
            coming.set(false);
            // Whoever has left meanwhile may have seen nothing waiting, and whoever has submitted meanwhile somebody
            // coming: once more.
            if (!hasRoom(busy.get())) {
                watch();
                return;
            }
        }
    }

    private void begin() {
        try {
            threads.execute(new Worker());
            stranded.setPlain(false);
        } catch (RuntimeException | Error e) {
            // No native thread, say. To throw would lose the task: whoever completes a future takes it for done then.
            busy.decrementAndGet();
            coming.set(false);
            if (stranded.compareAndSet(false, true)) {
                LOG.warn("No thread can be made for a route to go on; it is tried again", e);
            }
            watch();
        }
    }

    private boolean hasRoom(int now) {
        return now < Math.max(quick, slow.get());
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

    private void watch() {
        if (quick != Integer.MAX_VALUE && watched.compareAndSet(false, true)) {
            later.accept(this::look);
        }
    }

    private void look() {
        watched.set(false);
        if (!waiting.isEmpty()) {
            workers.forEach(Worker::look);
            hire();
            watch();
        }
    }

    private final class Worker implements Runnable {
        private final AtomicReference<Pace> pace = new AtomicReference<>(Pace.NONE);

        @Override
        public void run() {
            workers.add(this);
            coming.set(false);
            Runnable first = waiting.poll();
            hire();
            work(first);
            // Whoever found no room has left a task to us: to look again only after having left loses none.
            while (!waiting.isEmpty() && enter()) {
                work(waiting.poll());
            }
            workers.remove(this);
        }

        /** Until nothing is waiting, or others are enough; does not count as busy when it returns. */
        private void work(@Nullable Runnable first) {
            Runnable task = first;
            while (task != null) {
                if (!counted(task)) {
                    return;
                }
                task = waiting.poll();
            }
            busy.decrementAndGet();
        }

        /** Whether it still counts as busy. */
        private boolean counted(Runnable task) {
            pace.set(Pace.NEW);
            guarded(task);
            if (pace.getAndSet(Pace.NONE) == Pace.SLOW) {
                slow.decrementAndGet();
                return enter();
            }
            return true;
        }

        void look() {
            if (!pace.compareAndSet(Pace.NEW, Pace.MET) && pace.compareAndSet(Pace.MET, Pace.SLOW)) {
                slow.incrementAndGet();
                busy.decrementAndGet();
            }
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A task of a route has failed", e);
        }
        // Meant for that task, as in Java's own pools.
        boolean unused = Thread.interrupted();
    }
}
