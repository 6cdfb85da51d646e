/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests meet that have to be under way at the same time: each waits there until all have come. For {@link
 * FaultyHttpClient#between}. Thread safe.
 */
public final class Rendezvous implements Runnable {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final CountDownLatch missing;
    private final AtomicInteger met = new AtomicInteger();

    /** For so many. */
    public Rendezvous(int requests) {
        missing = new CountDownLatch(requests);
    }

    @Override
    public void run() {
        missing.countDown();
        try {
            if (missing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                met.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many have met all the others. */
    public int met() {
        return met.get();
    }
}
