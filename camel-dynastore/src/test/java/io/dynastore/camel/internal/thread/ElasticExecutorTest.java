/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The executor with a real pool of threads, and samples that the test takes. */
@Timeout(60)
class ElasticExecutorTest {

    private static final int PARALLELISM = 3;

    /** Samples that are due. */
    private final BlockingQueue<Runnable> samples = new LinkedBlockingQueue<>();

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final ElasticExecutor executor = new ElasticExecutor(pool, samples::add, PARALLELISM);

    @AfterEach
    void shutDown() {
        pool.shutdownNow();
    }

    @Test
    void noSampleIsTakenWhileThereIsRoom() {
        CountDownLatch end = new CountDownLatch(1);
        block(PARALLELISM, end);
        assertThat(samples).isEmpty();

        executor.execute(() -> {});

        assertThat(samples).hasSize(1);
        end.countDown();
    }

    @Test
    void tasksThatWaitForLaterTasksNeverDeadlock() throws Exception {
        int tasks = 200;
        List<CountDownLatch> done = new ArrayList<>();
        for (int i = 0; i <= tasks; i++) {
            done.add(new CountDownLatch(1));
        }
        for (int i = 0; i < tasks; i++) {
            CountDownLatch own = done.get(i);
            CountDownLatch next = done.get(i + 1);
            executor.execute(() -> {
                await(next);
                own.countDown();
            });
        }
        executor.execute(done.get(tasks)::countDown);

        sampleUntil(done.get(0));
    }

    @Test
    void blockingTasksAreFoundEvenIfASampleCouldNotBeScheduled() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        ElasticExecutor failing = new ElasticExecutor(
                pool,
                sample -> {
                    if (fails.getAndSet(false)) {
                        throw new OutOfMemoryError("by the test");
                    }
                    samples.add(sample);
                },
                1);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(2);
        CountDownLatch started = new CountDownLatch(1);
        failing.execute(() -> {
            started.countDown();
            await(end);
        });
        await(started);

        failing.execute(ran::countDown);
        failing.execute(ran::countDown);

        sampleUntil(ran);
        end.countDown();
    }

    @Test
    void oneSampleDoesNotMakeATaskSlow() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean ran = new AtomicBoolean();
        block(PARALLELISM, end);
        executor.execute(() -> ran.set(true));

        samples.take().run();
        assertThat(ran).isFalse();
        samples.take().run();

        run(() -> {});
        assertThat(ran).isTrue();
        end.countDown();
    }

    @Test
    void onlyAFewTasksRunAtATimeAgainAfterSlowTasks() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch allRan = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            executor.execute(() -> {
                allRan.countDown();
                await(end);
            });
        }
        sampleUntil(allRan);
        end.countDown();
        Awaitility.await().until(() -> executor.threads() == 0);

        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            executor.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                running.decrementAndGet();
                done.countDown();
            });
        }
        await(done);

        assertThat(most).hasValueLessThanOrEqualTo(PARALLELISM);
    }

    @Test
    void concurrentSubmittersLoseNoTask() throws Exception {
        int submitters = 8;
        int each = 20_000;
        Phaser begin = new Phaser(submitters);
        CountDownLatch done = new CountDownLatch(submitters * each);
        for (int i = 0; i < submitters; i++) {
            pool.execute(() -> {
                begin.arriveAndAwaitAdvance();
                for (int n = 0; n < each; n++) {
                    executor.execute(done::countDown);
                }
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void failingTaskAffectsNoOther() throws Exception {
        for (int i = 0; i < 10; i++) {
            executor.execute(() -> {
                throw new IllegalStateException("on purpose");
            });
        }

        run(() -> {});
    }

    @Test
    void queuedTasksRunAtOnceAfterRelease() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        block(PARALLELISM, end);
        CountDownLatch ran = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) {
            executor.execute(() -> {
                ran.countDown();
                await(end);
            });
        }

        executor.release();

        await(ran);
        run(() -> {});
        end.countDown();
    }

    /** Takes samples until the latch is open: a sample is due as long as a task is queued. */
    private void sampleUntil(CountDownLatch done) throws InterruptedException {
        while (done.getCount() > 0) {
            Runnable sample = samples.poll(1, TimeUnit.MILLISECONDS);
            if (sample != null) {
                sample.run();
            }
        }
    }

    /** Starts tasks that block until the end; returns when all of them have begun. */
    private void block(int tasks, CountDownLatch end) {
        CountDownLatch begun = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            executor.execute(() -> {
                begun.countDown();
                await(end);
            });
        }
        await(begun);
    }

    private void run(Runnable task) {
        CountDownLatch done = new CountDownLatch(1);
        executor.execute(() -> {
            task.run();
            done.countDown();
        });
        await(done);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
