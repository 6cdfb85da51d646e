/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
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

@Timeout(60)
class ElasticExecutorTest {

    private static final int QUICK = 3;

    /** Looks that are due. */
    private final BlockingQueue<Runnable> looks = new LinkedBlockingQueue<>();

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final ElasticExecutor executor = new ElasticExecutor(pool, looks::add, QUICK);

    @AfterEach
    void shutDown() {
        pool.shutdownNow();
    }

    @Test
    void oneThreadIsWokenUpAtATimeAndDoesWhatHasComeMeanwhile() {
        Queue<Runnable> hired = new ArrayDeque<>();
        ElasticExecutor byHand = new ElasticExecutor(hired::add, looks::add, QUICK);
        List<Integer> done = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            byHand.execute(() -> done.add(number));
        }
        assertThat(hired).hasSize(1);

        hired.remove().run();

        assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(hired).as("more than one waited, so another one was called").hasSize(1);
    }

    @Test
    void whoFindsMoreThanOneTaskCallsTheNextThreadUntilThereIsNoRoom() {
        Queue<Runnable> hired = new ArrayDeque<>();
        ElasticExecutor byHand = new ElasticExecutor(hired::add, looks::add, QUICK);
        List<Integer> waitingForMe = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byHand.execute(() -> {
                waitingForMe.add(hired.size());
                if (!hired.isEmpty()) {
                    hired.remove().run();
                }
            });
        }

        hired.remove().run();

        assertThat(waitingForMe).startsWith(1, 1, 0).hasSize(10);
    }

    @Test
    void nothingIsWatchedWhileThereIsRoom() {
        CountDownLatch end = new CountDownLatch(1);
        block(QUICK, end);
        assertThat(looks).isEmpty();

        executor.execute(() -> {});

        assertThat(looks).hasSize(1);
        end.countDown();
    }

    @Test
    void whereNoThreadCanBeMadeATaskWaitsUntilOneCan() {
        AtomicBoolean none = new AtomicBoolean(true);
        Queue<Runnable> hired = new ArrayDeque<>();
        ElasticExecutor byHand = new ElasticExecutor(
                worker -> {
                    if (none.get()) {
                        throw new OutOfMemoryError("unable to create native thread, as it is meant to");
                    }
                    hired.add(worker);
                },
                looks::add,
                QUICK);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 2 * QUICK; i++) {
            byHand.execute(done::incrementAndGet);
        }
        assertThat(looks).as("however often it fails, one look is due").hasSize(1);
        looks.remove().run();
        assertThat(looks).hasSize(1);

        none.set(false);
        looks.remove().run();
        hired.remove().run();

        assertThat(done).hasValue(2 * QUICK);
    }

    @Test
    void tasksThatWaitForLaterOnesHoldUpNothingHoweverManyThereAre() throws Exception {
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

        lookUntil(done.get(0));
    }

    @Test
    void oneLookDoesNotMakeATaskSlow() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean ran = new AtomicBoolean();
        block(QUICK, end);
        executor.execute(() -> ran.set(true));

        looks.take().run();
        assertThat(ran).isFalse();
        looks.take().run();

        run(() -> {});
        assertThat(ran).isTrue();
        end.countDown();
    }

    @Test
    void onlyAFewRunAtATimeAgainWhenSlowTasksAreOver() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch allRan = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            executor.execute(() -> {
                allRan.countDown();
                await(end);
            });
        }
        lookUntil(allRan);
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

        assertThat(most).hasValueLessThanOrEqualTo(QUICK);
    }

    @Test
    void manyWhoSubmitAtOnceLoseNothing() throws Exception {
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
    void aTaskThatFailsHoldsUpNobody() throws Exception {
        for (int i = 0; i < 10; i++) {
            executor.execute(() -> {
                throw new IllegalStateException("as it is meant to");
            });
        }

        run(() -> {});
    }

    @Test
    void anInterruptOfATaskDoesNotReachTheNextOne() throws Exception {
        Queue<Runnable> hired = new ArrayDeque<>();
        ElasticExecutor byHand = new ElasticExecutor(hired::add, looks::add, 1);
        AtomicBoolean reached = new AtomicBoolean();
        byHand.execute(() -> Thread.currentThread().interrupt());
        byHand.execute(() -> reached.set(Thread.currentThread().isInterrupted()));

        pool.submit(hired.remove()).get();

        assertThat(reached).isFalse();
    }

    @Test
    void allThatWaitRunAtOnceWhenItIsReleased() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        block(QUICK, end);
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

    /** A look is due as long as something waits; what has begun by then needs none. */
    private void lookUntil(CountDownLatch done) throws InterruptedException {
        while (done.getCount() > 0) {
            Runnable look = looks.poll(1, TimeUnit.MILLISECONDS);
            if (look != null) {
                look.run();
            }
        }
    }

    /** Returns when as many tasks are waiting for the end. */
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
