/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/**
 * A load on a subject: the same operation again and again, with a constant number in flight.
 *
 * <p>If the subject blocks, each operation in flight has a thread. If it does not, the end of an operation starts the
 * next one on the same thread, as a route would. With feeders, these threads start the operations, and wait only
 * while too many are in flight.
 */
final class Load {

    private final Subject subject;
    private final BenchmarkCase benchmarkCase;
    private final LongAdder operations = new LongAdder();
    private final Recorder latencies = new Recorder(3);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load(Subject subject, BenchmarkCase benchmarkCase) {
        this.subject = subject;
        this.benchmarkCase = benchmarkCase;
    }

    /** Runs the load for the warm-up, then measures it. */
    Measurement measure(double warmUpSeconds, double seconds) throws InterruptedException {
        CountDownLatch ended = start();
        Thread.sleep((long) (warmUpSeconds * 1000));
        latencies.reset();
        Measurement.Snapshot before = Measurement.snapshot(operations.sum());
        Thread.sleep((long) (seconds * 1000));
        Measurement measurement =
                before.until(Measurement.snapshot(operations.sum()), latencies.getIntervalHistogram());
        stopped = true;
        ended.await();
        for (Thread thread : threads) {
            thread.join();
        }
        return measurement;
    }

    private CountDownLatch start() {
        if (subject.blocks()) {
            int callers = benchmarkCase.feeders() > 0 ? benchmarkCase.feeders() : benchmarkCase.inFlight();
            return threads(callers, new CountDownLatch(callers), this::callInTurn);
        }
        if (benchmarkCase.feeders() > 0) {
            Semaphore room = new Semaphore(benchmarkCase.inFlight());
            return threads(
                    benchmarkCase.feeders(), new CountDownLatch(benchmarkCase.feeders()), first -> feed(room, first));
        }
        CountDownLatch ended = new CountDownLatch(benchmarkCase.inFlight());
        for (int chain = 0; chain < benchmarkCase.inFlight(); chain++) {
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
            subject.start(benchmarkCase.operation(), item, inline -> done(start));
        }
    }

    private void feed(Semaphore room, int first) throws Exception {
        for (int item = first; !stopped; item++) {
            room.acquire();
            long start = System.nanoTime();
            subject.start(benchmarkCase.operation(), item, inline -> {
                room.release();
                done(start);
            });
        }
        // One feeder waits for all: no operation is in flight when the next load begins.
        if (first == 0) {
            room.acquire(benchmarkCase.inFlight());
            room.release(benchmarkCase.inFlight());
        }
    }

    private void done(long start) {
        operations.increment();
        latencies.recordValue(System.nanoTime() - start);
    }

    /** Runs one operation after another. */
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
                    subject.start(benchmarkCase.operation(), item++, this);
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
