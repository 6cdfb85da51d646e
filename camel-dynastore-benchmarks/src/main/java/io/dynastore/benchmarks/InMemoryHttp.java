/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client without a network. It reads a request in full, and responds on the sender's thread. What remains is
 * the cost of the SDK and of the code on top of it.
 */
final class InMemoryHttp implements SdkAsyncHttpClient.Builder<InMemoryHttp>, SdkAsyncHttpClient {

    private static final String TARGET = "X-Amz-Target";
    private static final int PREFIX = "DynamoDB_20120810.".length();

    private final Map<String, Response> responses = Map.of(
            "PutItem", Response.of(StubResponses.written(true)),
            "UpdateItem", Response.of(StubResponses.written(true)),
            "GetItem", Response.of(StubResponses.item(true, true)),
            "Query", Response.of(StubResponses.page(true, true, 0, false)));

    private static final class Response {
        private final byte[] body;
        private final String checksum;

        private Response(byte[] body) {
            this.body = body;
            this.checksum = StubResponses.checksum(body);
        }

        static Response of(byte[] body) {
            return new Response(body);
        }
    }

    @Override
    public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
        return this;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        String target = request.request().firstMatchingHeader(TARGET).orElseThrow();
        Response response = Objects.requireNonNull(responses.get(target.substring(PREFIX)));
        request.requestContentPublisher().subscribe(new Sink());
        request.responseHandler()
                .onHeaders(SdkHttpResponse.builder()
                        .statusCode(200)
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("Content-Length", Integer.toString(response.body.length))
                        .putHeader("x-amz-crc32", response.checksum)
                        .build());
        request.responseHandler().onStream(new Once(response.body));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public String clientName() {
        return "InMemory";
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    /** Discards the body of a request. */
    private static final class Sink implements Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {
            // Discarded.
        }

        @Override
        public void onError(Throwable error) {
            Outcomes.fail(error);
        }

        @Override
        public void onComplete() {
            // Discarded.
        }
    }

    /** A body that is published at once. */
    private static final class Once implements SdkHttpContentPublisher {
        private final byte[] body;

        Once(byte[] body) {
            this.body = body;
        }

        @Override
        public Optional<Long> contentLength() {
            return Optional.of((long) body.length);
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Subscription() {
                private boolean sent;

                @Override
                public void request(long count) {
                    if (!sent) {
                        sent = true;
                        subscriber.onNext(ByteBuffer.wrap(body));
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    sent = true;
                }
            });
        }
    }
}
