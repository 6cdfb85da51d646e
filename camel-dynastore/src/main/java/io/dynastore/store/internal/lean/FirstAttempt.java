/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/**
 * The first attempt of a call. It ends once: with a response that was read, with any other outcome, or with the end of
 * its call. Its HTTP client reports to it on one thread at a time.
 */
final class FirstAttempt implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {

    private static final int SUCCESS = 200;
    private static final String CHECKSUM = "x-amz-crc32";

    /**
     * Bytes. To read more takes longer than to wake up a thread, and would keep the other requests of the event loop
     * waiting. Until a reader begins, the call can still be given up, or reach its time limit.
     */
    private static final int LARGE = 16 * 1024;

    private final ResponseReader<?> reader;
    private final End end;
    private final Executor readers;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ResponseBody body = new ResponseBody();
    private @Nullable SdkHttpResponse head;
    private volatile boolean givenUp;

    /** The HTTP client may use the connection for another request from now on. */
    private volatile boolean responded;

    private volatile @Nullable CompletableFuture<Void> sent;
    private volatile @Nullable ScheduledFuture<?> timer;

    /** Learns how the attempt has ended: one of these, once. Only {@link #failed} may come after another one. */
    interface End {
        void succeeded(DynamoDbResponse response);

        void ended(AttemptOutcome outcome);

        void outOfTime();

        /** The end could not be told, or not in full. The memory may have run out, for example. */
        void failed(Throwable unforeseen);
    }

    /**
     * An attempt that has not begun.
     *
     * @param readers read a large response, and tell the end
     */
    FirstAttempt(ResponseReader<?> reader, End end, Executor readers) {
        this.reader = reader;
        this.end = end;
        this.readers = readers;
    }

    void begin(
            ReplayingHttpClient http,
            SdkHttpRequest signed,
            SdkBytes content,
            CallLimits limits,
            ScheduledExecutorService scheduler) {
        try {
            Duration limit = limits.firstAttempt();
            if (limit != null) {
                time(limits, limit, scheduler);
            }
            CompletableFuture<Void> request = http.send(AsyncExecuteRequest.builder()
                    .request(signed)
                    .requestContentPublisher(new OneBuffer(content, null))
                    .responseHandler(this)
                    .build());
            watch(request);
        } catch (RuntimeException | Error e) {
            // The scheduler or the HTTP client is closed, for example.
            onError(e);
        }
    }

    private void watch(CompletableFuture<Void> request) {
        sent = request;
        if (givenUp) {
            request.cancel(true);
        }
        var unused = request.whenComplete((done, error) -> {
            if (error != null) {
                onError(error);
            }
        });
    }

    private void time(CallLimits limits, Duration limit, ScheduledExecutorService scheduler) {
        timer = scheduler.schedule(() -> expire(limits, limit), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire(CallLimits limits, Duration limit) {
        handOver(() -> {
            ApiCallAttemptTimeoutException late = ApiCallAttemptTimeoutException.create(limit.toMillis());
            abort(late);
            if (limits.endsCall()) {
                end.outOfTime();
            } else {
                end.ended(AttemptOutcome.of(late));
            }
        });
    }

    /** Tells the end, unless another one was told. Nobody would tell it later, so that no error may get lost. */
    private void handOver(Runnable telling) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        try {
            stopTimer();
            telling.run();
        } catch (RuntimeException | Error e) {
            end.failed(e);
        }
    }

    /**
     * Gives the attempt up. Nothing is told of its end. A request whose response was received is left alone, since the
     * HTTP client would close its connection: the one that it has just given back for other requests.
     */
    void abort(Throwable reason) {
        ended.set(true);
        stopTimer();
        if (responded) {
            return;
        }
        givenUp = true;
        CompletableFuture<Void> request = sent;
        if (request != null) {
            request.completeExceptionally(reason);
        }
    }

    private void stopTimer() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void onHeaders(SdkHttpResponse headers) {
        head = headers;
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
        stream.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer part) {
        body.add(part);
    }

    @Override
    public void onComplete() {
        responded = true;
        SdkHttpResponse response = head;
        if (response == null) {
            return;
        }
        Runnable reading = () -> handOver(() -> responded(response));
        if (body.length() < LARGE) {
            reading.run();
            return;
        }
        try {
            readers.execute(reading);
        } catch (RuntimeException | Error e) {
            // They have ended, for example. If they run it all the same, the end has been told.
            reading.run();
        }
    }

    private void responded(SdkHttpResponse response) {
        DynamoDbResponse result = read(response);
        if (result == null) {
            end.ended(AttemptOutcome.of(response, body.bytes()));
        } else {
            end.succeeded(result);
        }
    }

    @Override
    public void onError(Throwable error) {
        handOver(() -> end.ended(new AttemptOutcome(head, body.bytes(), error)));
    }

    /** Null if the SDK has to read it. A compressed body is no JSON, and so left to the SDK. */
    private @Nullable DynamoDbResponse read(SdkHttpResponse response) {
        String checksum = response.firstMatchingHeader(CHECKSUM).orElse(null);
        if (response.statusCode() != SUCCESS || (checksum != null && !checksum.equals(body.checksum()))) {
            return null;
        }
        try {
            DynamoDbResponse.Builder result = reader.read(body, checksum != null);
            result.responseMetadata(new ResponseMetadata(response));
            result.sdkHttpResponse(response);
            return result.build();
        } catch (IOException | RuntimeException | Error e) {
            return null;
        }
    }
}
