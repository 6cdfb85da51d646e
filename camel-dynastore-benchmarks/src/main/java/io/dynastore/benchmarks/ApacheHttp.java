/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.async.MinimalHttpAsyncClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/** Apache HttpClient 5, asynchronous, in its smallest form. Enough to measure it; cancelling does nothing. */
final class ApacheHttp implements SdkAsyncHttpClient {

    private final MinimalHttpAsyncClient client;

    private ApacheHttp() {
        PoolingAsyncClientConnectionManager connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnTotal(SdkClients.CONNECTIONS)
                .setMaxConnPerRoute(SdkClients.CONNECTIONS)
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .build())
                .setTlsStrategy(ClientTlsStrategyBuilder.create()
                        .setSslContext(TrustAll.context())
                        .buildAsync())
                .build();
        client = HttpAsyncClients.createMinimal(connections);
        client.start();
    }

    static final class Builder implements SdkAsyncHttpClient.Builder<Builder> {
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return new ApacheHttp();
        }
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        BasicHttpRequest message = new BasicHttpRequest(
                request.request().method().name(), request.request().getUri());
        // These two are the client's own.
        request.request().forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.HOST) && !name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                values.forEach(value -> message.addHeader(name, value));
            }
        });
        CompletableFuture<Void> end = new CompletableFuture<>();
        Future<?> unused = client.execute(
                new BasicRequestProducer(message, new BasicAsyncEntityProducer(InMemoryBody.of(request), null)),
                new BasicResponseConsumer<>(new BasicAsyncEntityConsumer()),
                new FutureCallback<Message<HttpResponse, byte[]>>() {
                    @Override
                    public void completed(Message<HttpResponse, byte[]> response) {
                        respond(request, response);
                        end.complete(null);
                    }

                    @Override
                    public void failed(Exception error) {
                        InMemoryBody.fail(request, end, error);
                    }

                    @Override
                    public void cancelled() {
                        InMemoryBody.fail(request, end, new IllegalStateException("cancelled"));
                    }
                });
        return end;
    }

    private static void respond(AsyncExecuteRequest request, Message<HttpResponse, byte[]> response) {
        SdkHttpResponse.Builder head =
                SdkHttpResponse.builder().statusCode(response.getHead().getCode());
        response.getHead()
                .headerIterator()
                .forEachRemaining(header -> head.appendHeader(header.getName(), header.getValue()));
        request.responseHandler().onHeaders(head.build());
        byte[] body = response.getBody() == null ? new byte[0] : response.getBody();
        request.responseHandler().onStream(InMemoryBody.publisher(ByteBuffer.wrap(body)));
    }

    @Override
    public String clientName() {
        return "Apache5Async";
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
