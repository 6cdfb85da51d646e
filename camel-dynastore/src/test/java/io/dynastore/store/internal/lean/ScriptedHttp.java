/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/** An HTTP client in memory that responds as a script says, on the thread of the caller. */
final class ScriptedHttp implements SdkAsyncHttpClient {

    /** A request as it was sent. */
    record Sent(SdkHttpRequest request, SdkBytes body) {
        String header(String name) {
            return request.firstMatchingHeader(name).orElse("");
        }
    }

    /** What comes of a request. */
    interface Reply {
        CompletableFuture<Void> to(AsyncExecuteRequest request);
    }

    final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Function<Sent, Reply> script;
    private volatile boolean closed;

    ScriptedHttp(Function<Sent, Reply> script) {
        this.script = script;
    }

    /** A builder that gives this client. */
    SdkAsyncHttpClient.Builder<?> builder() {
        return new Given(this);
    }

    private record Given(ScriptedHttp http) implements SdkAsyncHttpClient.Builder<Given> {
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return http;
        }
    }

    static Reply response(int status, byte[] body, String... headers) {
        SdkHttpFullResponse.Builder head =
                SdkHttpFullResponse.builder().statusCode(status).putHeader("x-amzn-RequestId", "request-" + status);
        for (int i = 0; i < headers.length; i += 2) {
            head.putHeader(headers[i], headers[i + 1]);
        }
        return request ->
                AttemptOutcome.of(head.build(), SdkBytes.fromByteArray(body)).play(request.responseHandler());
    }

    static Reply failure(Throwable error) {
        return request -> AttemptOutcome.of(error).play(request.responseHandler());
    }

    /** A response that ends in the middle of its body. */
    static Reply broken(byte[] body, Throwable error) {
        return request -> new AttemptOutcome(
                        SdkHttpFullResponse.builder().statusCode(200).build(), SdkBytes.fromByteArray(body), error)
                .play(request.responseHandler());
    }

    /** Nothing, until the request is given up. */
    static Reply silence(List<Throwable> givenUp) {
        return request -> {
            CompletableFuture<Void> never = new CompletableFuture<>();
            var unused = never.whenComplete((done, error) -> givenUp.add(error));
            return never;
        };
    }

    boolean closed() {
        return closed;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        Sent one = new Sent(request.request(), body(request));
        sent.add(one);
        return script.apply(one).to(request);
    }

    private static SdkBytes body(AsyncExecuteRequest request) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        request.requestContentPublisher().subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer part) {
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                body.writeBytes(bytes);
            }

            @Override
            public void onError(Throwable error) {
                throw new AssertionError(error);
            }

            @Override
            public void onComplete() {}
        });
        return SdkBytes.fromByteArrayUnsafe(body.toByteArray());
    }

    @Override
    public void close() {
        closed = true;
    }
}
