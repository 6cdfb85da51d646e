/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/** Sends each request some time later, like a network between client and engine. Thread safe. */
final class DelayedHttp implements SdkAsyncHttpClient {

    private final SdkAsyncHttpClient delegate;
    private final Duration delay;
    private final RoundTrips trips;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, task -> {
        Thread thread = new Thread(task, "delayed-http");
        thread.setDaemon(true);
        return thread;
    });

    DelayedHttp(SdkAsyncHttpClient delegate, Duration delay, RoundTrips trips) {
        this.delegate = delegate;
        this.delay = delay;
        this.trips = trips;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        trips.count();
        CompletableFuture<Void> done = new CompletableFuture<>();
        ScheduledFuture<?> unused = timer.schedule(() -> send(request, done), delay.toNanos(), TimeUnit.NANOSECONDS);
        return done;
    }

    private void send(AsyncExecuteRequest request, CompletableFuture<Void> done) {
        CompletableFuture<?> unused = delegate.execute(request).whenComplete((response, error) -> {
            if (error == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(error);
            }
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
        delegate.close();
    }
}
