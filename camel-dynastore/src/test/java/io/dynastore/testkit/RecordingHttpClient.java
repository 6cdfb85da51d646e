/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;

/**
 * An HTTP client that remembers what went through it.
 *
 * <p>A request is on the list before the SDK's future completes, so a test that waited for its response sees it. Thread
 * safe. Closing it closes the client behind it; an SDK client that was handed this one does not.
 */
public final class RecordingHttpClient implements SdkAsyncHttpClient {

    private final SdkAsyncHttpClient delegate;
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

    /** Records what goes through the given client. */
    public RecordingHttpClient(SdkAsyncHttpClient delegate) {
        this.delegate = delegate;
    }

    /** Records what goes through a Netty client of its own. */
    public static RecordingHttpClient overNetty() {
        return new RecordingHttpClient(NettyNioAsyncHttpClient.create());
    }

    /** The answered or failed requests so far, in the order of their ends; a copy. */
    public List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /** Forgets all of them. */
    public void clear() {
        requests.clear();
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest execute) {
        Recording recording = new Recording(execute.request(), requests::add);
        AsyncExecuteRequest.Builder copy = AsyncExecuteRequest.builder()
                .request(execute.request())
                .requestContentPublisher(recording.of(execute.requestContentPublisher()))
                .responseHandler(recording.of(execute.responseHandler()))
                .fullDuplex(execute.fullDuplex())
                .httpExecutionAttributes(execute.httpExecutionAttributes());
        execute.metricCollector().ifPresent(copy::metricCollector);
        return delegate.execute(copy.build());
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
