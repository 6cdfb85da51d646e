/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * An HTTP response that has arrived completely, so that it can be handed on, held back or thrown away.
 *
 * @param head status and headers
 * @param body what came behind them
 */
record BufferedResponse(SdkHttpResponse head, SdkBytes body) {

    private static final String TYPE = "com.amazonaws.dynamodb.v20120810#";

    /** An error in the words of DynamoDB. */
    static BufferedResponse error(int status, String type) {
        String json = "{\"__type\":\"" + TYPE + type + "\",\"message\":\"injected by the test\"}";
        return new BufferedResponse(
                SdkHttpFullResponse.builder()
                        .statusCode(status)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .build(),
                SdkBytes.fromUtf8String(json));
    }

    /** Gives the response to whoever asked. */
    void deliver(SdkAsyncHttpResponseHandler handler) {
        handler.onHeaders(head);
        handler.onStream(AsyncRequestBody.fromBytes(body.asByteArray()));
    }

    /**
     * Tells whoever asked that the connection broke.
     *
     * <p>By a stream that fails, not by {@link SdkAsyncHttpResponseHandler#onError}: the SDK uses one handler for all
     * attempts of a call, its onError fails several futures one after the other, and the first of them starts the
     * retry. If that begins at once, the others hit the next attempt, which then fails although nothing happened to
     * it: a lost response that no plan asked for.
     */
    static void breakOff(SdkAsyncHttpResponseHandler handler, Throwable problem) {
        handler.onHeaders(SdkHttpFullResponse.builder().statusCode(0).build());
        handler.onStream(subscriber -> {
            AtomicBoolean ended = new AtomicBoolean();
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {
                    if (ended.compareAndSet(false, true)) {
                        subscriber.onError(problem);
                    }
                }

                @Override
                public void cancel() {
                    ended.set(true);
                }
            });
        });
    }

    /** All bytes of a stream. */
    static CompletableFuture<SdkBytes> bytes(Publisher<ByteBuffer> stream) {
        Bytes bytes = new Bytes();
        return SdkPublisher.adapt(stream)
                .subscribe(bytes::add)
                .thenApply(end -> SdkBytes.fromByteArray(bytes.toArray()));
    }

    /** Waits for a response. */
    static final class Receiver implements SdkAsyncHttpResponseHandler {

        private final CompletableFuture<SdkHttpResponse> head = new CompletableFuture<>();
        private final CompletableFuture<SdkBytes> body = new CompletableFuture<>();

        /** Completes with the response, or with the reason why there is none. */
        CompletableFuture<BufferedResponse> response() {
            return head.thenCombine(body, BufferedResponse::new);
        }

        @Override
        public void onHeaders(SdkHttpResponse headers) {
            head.complete(headers);
        }

        @Override
        public void onStream(Publisher<ByteBuffer> stream) {
            var unused = bytes(stream).whenComplete((bytes, failure) -> {
                if (failure != null) {
                    onError(failure);
                } else {
                    body.complete(bytes);
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            IOException broken = failure instanceof IOException io ? io : new IOException(failure);
            head.completeExceptionally(broken);
            body.completeExceptionally(broken);
        }
    }
}
