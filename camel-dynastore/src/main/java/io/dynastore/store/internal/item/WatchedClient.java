/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/**
 * A client of the application that has no time limit for calls. The application may close it while calls are in flight.
 * Over the AWS CRT, their futures then never complete. Thread safe.
 *
 * <ol>
 *   <li>With its close, a client shuts its scheduler down, unless that is the application's. While calls are in flight,
 *       a look at the scheduler every second finds that out.
 *   <li>Calls that have not ended at the second look after that fail. Their requests may have been applied.
 *   <li>The SDK's future is left alone, since cancelling it would reach into a native client that is closed.
 * </ol>
 */
final class WatchedClient extends ForwardingClient {

    private static final Executor NEXT_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final ScheduledExecutorService scheduler;
    @SuppressWarnings("CollectionUndefinedEquality") // a future is equal to itself only
    private final Set<CompletableFuture<?>> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();

    /**
     * Watches a client.
     *
     * @param scheduler the one that the client shuts down when it is closed
     */
    WatchedClient(DynamoDbAsyncClient client, ScheduledExecutorService scheduler) {
        super(client);
        this.scheduler = scheduler;
    }

    @Override
    protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
            Q request, Function<Q, CompletableFuture<A>> call) {
        CompletableFuture<A> response = call.apply(request);
        if (response.isDone()) {
            return response;
        }
        CompletableFuture<A> seen = new CompletableFuture<>();
        running.add(seen);
        watch();
        CompletableFuture<A> unused = response.whenComplete((result, error) -> {
            running.remove(seen);
            if (error == null) {
                seen.complete(result);
            } else {
                seen.completeExceptionally(error);
            }
        });
        CompletableFuture<A> unusedEither = seen.whenComplete((result, error) -> {
            if (seen.isCancelled()) {
                running.remove(seen);
                response.cancel(true);
            }
        });
        return seen;
    }

    private void watch() {
        if (watching.compareAndSet(false, true)) {
            NEXT_SECOND.execute(() -> look(false));
        }
    }

    private void look(boolean closedBefore) {
        boolean closed = scheduler.isShutdown();
        if (closed && closedBefore) {
            running.forEach(this::end);
        }
        if (running.isEmpty()) {
            watching.set(false);
            if (!running.isEmpty()) {
                watch();
            }
        } else {
            NEXT_SECOND.execute(() -> look(closed));
        }
    }

    private void end(CompletableFuture<?> seen) {
        running.remove(seen);
        seen.completeExceptionally(SdkClientException.create(
                "The client was closed by the application while the request was in flight, and its response is lost."));
    }

    /** The client belongs to the application. */
    @Override
    public void close() {}
}
