/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The JDK's client. Enough to measure it: cancelling does nothing, and the number of connections has no limit, since
 * that client knows none.
 */
final class JdkHttp implements SdkAsyncHttpClient {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(TrustAll.context())
            .build();

    private JdkHttp() {}

    static final class Builder implements SdkAsyncHttpClient.Builder<Builder> {
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return new JdkHttp();
        }
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        HttpRequest.Builder message = HttpRequest.newBuilder(request.request().getUri())
                .POST(HttpRequest.BodyPublishers.ofByteArray(InMemoryBody.of(request)));
        // These two are the client's own.
        request.request().forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> message.header(name, value));
            }
        });
        CompletableFuture<Void> end = new CompletableFuture<>();
        CompletableFuture<?> unused = client.sendAsync(message.build(), HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((response, error) -> {
                    if (error == null) {
                        respond(request, response);
                        end.complete(null);
                    } else {
                        InMemoryBody.fail(request, end, error);
                    }
                });
        return end;
    }

    private static void respond(AsyncExecuteRequest request, HttpResponse<byte[]> response) {
        request.responseHandler()
                .onHeaders(SdkHttpResponse.builder()
                        .statusCode(response.statusCode())
                        .headers(response.headers().map())
                        .build());
        request.responseHandler().onStream(InMemoryBody.publisher(ByteBuffer.wrap(response.body())));
    }

    @Override
    public String clientName() {
        return "JdkHttp";
    }

    @Override
    public void close() {
        // It ends with its process: JDK 17 has no other end.
    }
}
