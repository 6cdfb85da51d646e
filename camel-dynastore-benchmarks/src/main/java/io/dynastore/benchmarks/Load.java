/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/**
 * A load on a subject: the same step again and again, so many in flight at any time.
 *
 * <p>A subject that blocks gets a thread for each step in flight. To another one each step is started when the one before it is done,
 * on the thread that was told so, as a route would do; or, with feeders, by these threads, which wait only for their turn.
 */
final class Load {

    private final Subject subject;
    private final Cell cell;
    private final LongAdder steps = new LongAdder();
    private final Recorder latencies = new Recorder(3);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load(Subject subject, Cell cell) {
        this.subject = subject;
        this.cell = cell;
    }

    /** Runs the load for a while, and then measures it for a while. */
    Figures measure(double warmUpSeconds, double seconds) throws InterruptedException {
        CountDownLatch ended = start();
        Thread.sleep((long) (warmUpSeconds * 1000));
        latencies.reset();
        Figures.Snapshot before = Figures.snapshot(steps.sum());
        Thread.sleep((long) (seconds * 1000));
        Figures figures = before.until(Figures.snapshot(steps.sum()), latencies.getIntervalHistogram());
        stopped = true;
        ended.await();
        for (Thread thread : threads) {
            thread.join();
        }
        return figures;
    }

    private CountDownLatch start() {
        if (subject.blocks()) {
            int callers = cell.feeders() > 0 ? cell.feeders() : cell.inFlight();
            return threads(callers, new CountDownLatch(callers), this::callInTurn);
        }
        if (cell.feeders() > 0) {
            Semaphore room = new Semaphore(cell.inFlight());
            return threads(cell.feeders(), new CountDownLatch(cell.feeders()), first -> feed(room, first));
        }
        CountDownLatch ended = new CountDownLatch(cell.inFlight());
        for (int chain = 0; chain < cell.inFlight(); chain++) {
            new Chain(chain * 1000, ended).go();
        }
        return ended;
    }

    private interface Task {
        void run(int first) throws Exception;
    }

    private CountDownLatch threads(int count, CountDownLatch ended, Task task) {
        for (int i = 0; i < count; i++) {
            int first = i * 1000;
            Thread thread = new Thread(
                    () -> {
                        try {
                            task.run(first);
                        } catch (Exception e) {
                            Outcomes.fail(e);
                        }
                        ended.countDown();
                    },
                    "load-" + i);
            threads.add(thread);
            thread.start();
        }
        return ended;
    }

    private void callInTurn(int first) throws Exception {
        for (int item = first; !stopped; item++) {
            long start = System.nanoTime();
            subject.start(cell.step(), item, inline -> done(start));
        }
    }

    private void feed(Semaphore room, int first) throws Exception {
        for (int item = first; !stopped; item++) {
            room.acquire();
            long start = System.nanoTime();
            subject.start(cell.step(), item, inline -> {
                room.release();
                done(start);
            });
        }
        // Once for all: what is still in flight ends before the next load begins.
        if (first == 0) {
            room.acquire(cell.inFlight());
            room.release(cell.inFlight());
        }
    }

    private void done(long start) {
        steps.increment();
        latencies.recordValue(System.nanoTime() - start);
    }

    /** One step after the other. */
    private final class Chain implements Subject.Done {
        private final CountDownLatch ended;
        private int item;
        private long start;
        private boolean inline;

        Chain(int first, CountDownLatch ended) {
            this.item = first;
            this.ended = ended;
        }

        void go() {
            do {
                if (stopped) {
                    ended.countDown();
                    return;
                }
                inline = false;
                start = System.nanoTime();
                try {
                    subject.start(cell.step(), item++, this);
                } catch (Exception e) {
                    Outcomes.fail(e);
                }
            } while (inline);
        }

        @Override
        public void done(boolean within) {
            Load.this.done(start);
            if (within) {
                inline = true;
            } else {
                go();
            }
        }
    }
}
