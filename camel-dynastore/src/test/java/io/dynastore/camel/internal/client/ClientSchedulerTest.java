/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientSchedulerTest {

    private final ScheduledThreadPoolExecutor scheduler = (ScheduledThreadPoolExecutor) ClientScheduler.start();

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
    }

    @Test
    void cancelledTimeOutIsRemoved() {
        for (int i = 0; i < 10_000; i++) {
            scheduler.schedule(() -> {}, 30, TimeUnit.SECONDS).cancel(false);
        }

        // The pulse is not in the queue while it runs.
        assertThat(scheduler.getQueue()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void timeOutOfSecondsIsNeverTheFirstOfTheQueue() {
        for (int i = 0; i < 100; i++) {
            var unused = scheduler.schedule(() -> {}, 1, TimeUnit.SECONDS);
        }

        assertThat(scheduler.getQueue())
                .first()
                .extracting(first -> ((Delayed) first).getDelay(TimeUnit.MILLISECONDS))
                .satisfies(millis -> assertThat(millis).isLessThan(900));
    }

    @Test
    void retriesRunInTime() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);

        var unused = scheduler.schedule(ran::countDown, 1, TimeUnit.MILLISECONDS);

        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
