/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynastore.camel.HttpClientType;
import io.dynastore.store.OutcomeUnknownException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The application closes its own client while exchanges wait for responses. */
class ClosedClientsTest {

    private static final List<String> OPERATIONS = List.of("create", "put", "update", "delete", "get", "list");

    private final Semaphore arrivals = new Semaphore(0);
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer service;

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        service.setExecutor(threads);
        service.createContext("/", this::receive);
        service.start();
    }

    @AfterEach
    void stopService() {
        over.complete(null);
        service.stop(0);
        threads.shutdownNow();
    }

    /** Receives a request, and doesn't respond. */
    private void receive(HttpExchange http) throws IOException {
        http.getRequestBody().readAllBytes();
        arrivals.release();
        over.join();
        http.close();
    }

    @ParameterizedTest
    @EnumSource(value = HttpClientType.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void exchangesEndWithTheTruthWhenTheApplicationClosesItsClient(HttpClientType type) throws Exception {
        DynamoDbAsyncClient client = client(type);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("client", client);
            RouteBuilder.addRoutes(context, builder -> {
                builder.errorHandler(builder.noErrorHandler());
                OPERATIONS.forEach(operation -> builder.from("direct:" + operation)
                        .to("dynastore:tickets?partitionKey=customer&sortKey=1&operation=" + operation));
                builder.from("direct:exactlyOnce")
                        .to("dynastore:tickets?partitionKey=customer&sortKey=1&operation=create&exactlyOnce=true");
            });
            context.start();
            Map<String, CompletableFuture<Exchange>> sent = new HashMap<>();
            for (Route route : context.getRoutes()) {
                String uri = route.getEndpoint().getEndpointUri();
                sent.put(uri, context.createProducerTemplate().asyncSend(uri, exchange -> exchange.getMessage()
                        .setBody("value")));
            }
            assertThat(arrivals.tryAcquire(sent.size(), 20, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(client::close);

            for (Map.Entry<String, CompletableFuture<Exchange>> one : sent.entrySet()) {
                assertTruth(
                        one.getKey(), one.getValue().get(40, TimeUnit.SECONDS).getException());
            }
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    private static void assertTruth(String uri, @Nullable Throwable error) {
        if (uri.contains("get") || uri.contains("list")) {
            assertThat(error).as(uri).isNotNull();
        } else {
            assertThat(error).as(uri).isInstanceOf(OutcomeUnknownException.class);
        }
    }

    private DynamoDbAsyncClient client(HttpClientType type) {
        SdkAsyncHttpClient.Builder<?> http =
                switch (type) {
                    case AUTO, CRT -> AwsCrtAsyncHttpClient.builder();
                    case NETTY -> NettyNioAsyncHttpClient.builder();
                };
        return DynamoDbAsyncClient.builder()
                .httpClientBuilder(http)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .endpointOverride(
                        URI.create("http://localhost:" + service.getAddress().getPort()))
                .build();
    }
}
