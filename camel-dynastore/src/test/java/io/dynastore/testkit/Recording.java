/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/** Collects one request and its response while they pass, and tells of them once, when the response ends. */
final class Recording {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String operation;
    private final Consumer<RecordedRequest> listener;
    private final Bytes sent = new Bytes();
    private final Bytes received = new Bytes();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile int status;

    Recording(SdkHttpRequest request, Consumer<RecordedRequest> listener) {
        // "DynamoDB_20120810.PutItem"
        String target = request.firstMatchingHeader("X-Amz-Target").orElse("");
        this.operation = target.substring(target.lastIndexOf('.') + 1);
        this.listener = listener;
    }

    SdkHttpContentPublisher of(SdkHttpContentPublisher content) {
        return new SdkHttpContentPublisher() {
            @Override
            public Optional<Long> contentLength() {
                return content.contentLength();
            }

            @Override
            public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
                content.subscribe(new Tee(subscriber, sent, () -> {}));
            }
        };
    }

    SdkAsyncHttpResponseHandler of(SdkAsyncHttpResponseHandler handler) {
        return new SdkAsyncHttpResponseHandler() {
            @Override
            public void onHeaders(SdkHttpResponse headers) {
                status = headers.statusCode();
                handler.onHeaders(headers);
            }

            @Override
            public void onStream(Publisher<ByteBuffer> stream) {
                handler.onStream(subscriber -> stream.subscribe(new Tee(subscriber, received, Recording.this::tell)));
            }

            @Override
            public void onError(Throwable failure) {
                tell();
                handler.onError(failure);
            }
        };
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            listener.accept(
                    new RecordedRequest(operation, json(sent), status, json(received), sent.size(), received.size()));
        }
    }

    private static JsonNode json(Bytes bytes) {
        try {
            return JSON.readTree(bytes.toArray());
        } catch (IOException e) {
            throw new UncheckedIOException("not the JSON that DynamoDB speaks", e);
        }
    }
}
