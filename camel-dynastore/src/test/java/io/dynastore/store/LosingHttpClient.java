/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/** Breaks the connection of the next requests, before they are sent or before the answer comes, one for each loss that was asked for. */
final class LosingHttpClient implements SdkAsyncHttpClient {

    /** What is lost. */
    enum Loss {
        REQUEST,
        ANSWER
    }

    private final SdkAsyncHttpClient delegate;
    private final Queue<Loss> script = new ConcurrentLinkedQueue<>();
    private volatile Runnable between = () -> {};

    LosingHttpClient(SdkAsyncHttpClient delegate) {
        this.delegate = delegate;
    }

    void next(Loss loss) {
        script.add(loss);
    }

    /** What others do after the loss and before the SDK learns of it. */
    void between(Runnable action) {
        between = action;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        Loss loss = script.poll();
        if (loss == null) {
            return delegate.execute(request);
        }
        CompletableFuture<Void> end = loss == Loss.REQUEST ? CompletableFuture.completedFuture(null) : unheard(request);
        IOException broken = new IOException("connection broken by the test");
        return end.thenRunAsync(() -> between.run(), task -> new Thread(task, "between").start())
                .thenCompose(done -> {
                    request.responseHandler().onError(broken);
                    return CompletableFuture.failedFuture(broken);
                });
    }

    private CompletableFuture<Void> unheard(AsyncExecuteRequest request) {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        SdkAsyncHttpResponseHandler deaf = new SdkAsyncHttpResponseHandler() {
            @Override
            public void onHeaders(SdkHttpResponse headers) {}

            @Override
            public void onStream(Publisher<ByteBuffer> stream) {
                var unused = SdkPublisher.adapt(stream)
                        .subscribe(bytes -> {})
                        .whenComplete((done, error) -> heard.complete(null));
            }

            @Override
            public void onError(Throwable error) {
                heard.complete(null);
            }
        };
        AsyncExecuteRequest sent = AsyncExecuteRequest.builder()
                .request(request.request())
                .requestContentPublisher(request.requestContentPublisher())
                .responseHandler(deaf)
                .fullDuplex(request.fullDuplex())
                .httpExecutionAttributes(request.httpExecutionAttributes())
                .build();
        var unused = delegate.execute(sent);
        return heard;
    }

    @Override
    public String clientName() {
        return delegate.clientName();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
