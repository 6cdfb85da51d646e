/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/**
 * An HTTP client on which the network is as bad as a {@link FaultPlan} says, below the retries of the SDK.
 *
 * <p>To see what reached the engine, put a {@link RecordingHttpClient} behind it; to see what the SDK sent and got, put
 * one in front. A request that the SDK gives up, because of a time-out say, is carried to its end all the same.
 *
 * <p>Thread safe. Closing it closes the client behind it; an SDK client that was handed this one does not.
 */
public final class FaultyHttpClient implements SdkAsyncHttpClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SdkAsyncHttpClient delegate;
    private final FaultPlan plan;
    private final LateRequests late = new LateRequests();
    private final Map<Fault, LongAdder> injected = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> faulted = new ConcurrentHashMap<>();
    private volatile Consumer<JsonNode> between = request -> {};
    private volatile boolean cut;

    /** Puts faults before the given client. */
    public FaultyHttpClient(SdkAsyncHttpClient delegate, FaultPlan plan) {
        this.delegate = delegate;
        this.plan = plan;
    }

    /**
     * Has something happen after each failed attempt and before the SDK learns of it, so before the next attempt:
     * another writer comes in between, for certain. May wait; what it throws fails the attempt.
     */
    public void between(Runnable action) {
        betweenEach(request -> action.run());
    }

    /** The same for who wants to know the request whose attempt failed. */
    public void betweenEach(Consumer<JsonNode> action) {
        between = action;
    }

    /** Reaches nobody from now on: new requests are dropped, and responses that are under way are lost. */
    public void cut() {
        cut = true;
    }

    /** Ends what {@link #cut} began. */
    public void heal() {
        cut = false;
    }

    /** Sends the late requests that still wait, and waits until the engine has carried out all of them. */
    public void settle() {
        late.settle();
    }

    /** How often a fault was injected; what a cut dropped is not counted. */
    public long injected(Fault fault) {
        return count(injected, fault);
    }

    /** How many attempts the SDK has made at an operation ("UpdateItem"). */
    public long requests(String operation) {
        return count(requests, operation);
    }

    /** How many of these met a fault; what a cut dropped is not counted. */
    public long faulted(String operation) {
        return count(faulted, operation);
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest execute) {
        String target = execute.request().firstMatchingHeader("X-Amz-Target").orElse("");
        String operation = target.substring(target.lastIndexOf('.') + 1);
        increment(requests, operation);
        CompletableFuture<Void> done = new CompletableFuture<>();
        var unused = BufferedResponse.bytes(execute.requestContentPublisher())
                .thenCompose(body -> response(new Sendable(execute, body), operation))
                .whenComplete((response, failure) -> finish(execute, done, response, failure));
        return done;
    }

    /** The plan, and how often each fault was injected. */
    @Override
    public String toString() {
        return plan + ", injected " + injected;
    }

    @Override
    public String clientName() {
        return delegate.clientName();
    }

    @Override
    public void close() {
        delegate.close();
    }

    private CompletableFuture<BufferedResponse> response(Sendable request, String operation) {
        if (cut) {
            return CompletableFuture.failedFuture(new IOException("cut off by the test"));
        }
        FaultPlan.Fate fate = plan.fate(operation);
        increment(injected, fate.fault());
        if (fate.fault() != Fault.NONE) {
            increment(faulted, operation);
        }
        CompletableFuture<BufferedResponse> response = response(request, fate);
        return fate.fault().retried() ? thenOthers(request, response) : response;
    }

    private CompletableFuture<BufferedResponse> response(Sendable request, FaultPlan.Fate fate) {
        Fault fault = fate.fault();
        return switch (fault) {
            case NONE -> request.send();
            case DROP -> broken("connection broken by the test before the request was sent");
            case LOSE_RESPONSE ->
                request.send().thenCompose(lost -> broken("connection broken by the test before the response came"));
            case ARRIVE_LATE -> {
                late.add(fate.delay(), request::send);
                yield broken("connection broken by the test while the request was under way");
            }
            case DUPLICATE ->
                request.send().thenApply(response -> {
                    late.add(fate.delay(), request::send);
                    return response;
                });
            case ERROR_500 -> CompletableFuture.completedFuture(BufferedResponse.error(500, "InternalServerError"));
            case ERROR_503 -> CompletableFuture.completedFuture(BufferedResponse.error(503, "ServiceUnavailable"));
            case ERROR_500_APPLIED ->
                request.send().thenApply(lost -> BufferedResponse.error(500, "InternalServerError"));
            case ERROR_503_APPLIED ->
                request.send().thenApply(lost -> BufferedResponse.error(503, "ServiceUnavailable"));
            case THROTTLE ->
                CompletableFuture.completedFuture(
                        BufferedResponse.error(400, "ProvisionedThroughputExceededException"));
            case SLOW_ANSWER -> request.send().thenCompose(response -> after(fate.delay(), response));
        };
    }

    /** On a thread of its own, because what happens in between may wait for responses that the event loop brings. */
    private CompletableFuture<BufferedResponse> thenOthers(
            Sendable request, CompletableFuture<BufferedResponse> response) {
        return response.handle((held, failure) -> request.json())
                .thenAcceptAsync(json -> between.accept(json), task -> new Thread(task, "between attempts").start())
                .thenCompose(end -> response);
    }

    private void finish(
            AsyncExecuteRequest execute,
            CompletableFuture<Void> done,
            @Nullable BufferedResponse response,
            @Nullable Throwable failure) {
        if (done.isDone()) {
            return;
        }
        Throwable problem = cut ? new IOException("cut off by the test") : cause(failure);
        if (problem != null) {
            BufferedResponse.breakOff(execute.responseHandler(), problem);
            done.completeExceptionally(problem);
        } else if (response != null) {
            response.deliver(execute.responseHandler());
            done.complete(null);
        }
    }

    private static <T> void increment(Map<T, LongAdder> counts, T of) {
        counts.computeIfAbsent(of, first -> new LongAdder()).increment();
    }

    private static <T> long count(Map<T, LongAdder> counts, T of) {
        LongAdder count = counts.get(of);
        return count == null ? 0 : count.sum();
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static <T> CompletableFuture<T> broken(String message) {
        return CompletableFuture.failedFuture(new IOException(message));
    }

    private static <T> CompletableFuture<T> after(Duration delay, T value) {
        return CompletableFuture.supplyAsync(
                () -> value, CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** A request that can be sent any number of times, always with the same bytes and the same signature. */
    private final class Sendable {
        private final AsyncExecuteRequest execute;
        private final SdkBytes body;

        Sendable(AsyncExecuteRequest execute, SdkBytes body) {
            this.execute = execute;
            this.body = body;
        }

        CompletableFuture<BufferedResponse> send() {
            BufferedResponse.Receiver receiver = new BufferedResponse.Receiver();
            AsyncExecuteRequest copy = AsyncExecuteRequest.builder()
                    .request(execute.request())
                    .requestContentPublisher(new Content(AsyncRequestBody.fromBytes(body.asByteArray())))
                    .responseHandler(receiver)
                    .fullDuplex(execute.fullDuplex())
                    .httpExecutionAttributes(execute.httpExecutionAttributes())
                    .build();
            var unused = delegate.execute(copy).whenComplete((end, failure) -> {
                if (failure != null) {
                    receiver.onError(failure);
                }
            });
            return receiver.response();
        }

        JsonNode json() {
            try {
                return JSON.readTree(body.asByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException("not the JSON that DynamoDB speaks", e);
            }
        }
    }

    private record Content(AsyncRequestBody bytes) implements SdkHttpContentPublisher {
        @Override
        public Optional<Long> contentLength() {
            return bytes.contentLength();
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            bytes.subscribe(subscriber);
        }
    }
}
