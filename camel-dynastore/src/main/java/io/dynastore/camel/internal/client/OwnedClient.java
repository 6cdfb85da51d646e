/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.store.internal.item.ForwardingClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/**
 * A client that the component has made, and the scheduler that it uses. Thread safe.
 *
 * <ol>
 *   <li>The client is closed after its last call has ended, so that no call ends because of that. An HTTP client that
 *       is closed under a request loses its response; a native one was seen to end the process.
 *   <li>A call has ended when its caller has seen the result. So a second request of the same operation, sent by the
 *       same stage, is still accepted.
 *   <li>A call ends by its time-out at the latest. So the close is bounded.
 *   <li>The client is never closed on a thread of its own.
 * </ol>
 *
 * <p>Decision 15 in docs/decisions has the reasons.
 */
final class OwnedClient extends ForwardingClient {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreComponent");

    /** How long a close is waited for, and calls in flight may send further requests. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ScheduledExecutorService scheduler;
    private final Duration longestCall;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private int running;
    private boolean closing;
    private long closingSince;

    /**
     * An open client.
     *
     * @param longestCall the time-out of each call
     */
    OwnedClient(DynamoDbAsyncClient client, ScheduledExecutorService scheduler, Duration longestCall) {
        super(client);
        this.scheduler = scheduler;
        this.longestCall = longestCall;
    }

    /** Closes these clients when they are idle. Waits for that a short time; the rest is done in the background. */
    static void closeAll(Collection<OwnedClient> clients) {
        List<OwnedClient> all = List.copyOf(clients);
        all.forEach(OwnedClient::beginToClose);
        Thread closer = new Thread(() -> all.forEach(OwnedClient::closeWhenIdle), "dynastore-client-closer");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void beginToClose() {
        if (!closing) {
            closing = true;
            closingSince = System.nanoTime();
        }
        if (running == 0) {
            idle.complete(null);
        }
    }

    private void closeWhenIdle() {
        try {
            idle.get(PATIENCE.plus(longestCall).plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("A client is closed while calls are in flight, because they have not ended by their time-out");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            client().close();
        } catch (RuntimeException | Error e) {
            LOG.warn("A client could not be closed", e);
        }
        scheduler.shutdown();
    }

    private synchronized boolean begin() {
        boolean open = !closing || (running > 0 && System.nanoTime() - closingSince < PATIENCE.toNanos());
        running += open ? 1 : 0;
        return open;
    }

    private synchronized void end() {
        running--;
        if (closing && running == 0) {
            idle.complete(null);
        }
    }

    @Override
    protected <Q extends DynamoDbRequest, A> CompletableFuture<A> send(
            Q request, Function<Q, CompletableFuture<A>> call) {
        if (!begin()) {
            return CompletableFuture.failedFuture(SdkClientException.create(
                    "The request was not sent: its client is closed, because the Camel context has stopped."));
        }
        CompletableFuture<A> response;
        try {
            response = call.apply(request);
        } catch (RuntimeException | Error e) {
            end();
            throw e;
        }
        return seen(response);
    }

    private <T> CompletableFuture<T> seen(CompletableFuture<T> response) {
        CompletableFuture<T> seen = new CompletableFuture<>();
        CompletableFuture<T> unused = response.whenComplete((result, error) -> {
            try {
                if (error == null) {
                    seen.complete(result);
                } else {
                    seen.completeExceptionally(error);
                }
            } finally {
                end();
            }
        });
        CompletableFuture<T> unusedEither = seen.whenComplete((result, error) -> {
            if (seen.isCancelled()) {
                response.cancel(true);
            }
        });
        return seen;
    }

    /** Closes the client when it is idle. */
    @Override
    public void close() {
        closeAll(List.of(this));
    }

    @Override
    public DynamoDbAsyncWaiter waiter() {
        return DynamoDbAsyncWaiter.builder().client(this).build();
    }
}
