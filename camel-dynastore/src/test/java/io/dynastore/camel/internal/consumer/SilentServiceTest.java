/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.RouteContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that accepts connections and never responds: nobody waits longer than asked. */
@Timeout(300)
class SilentServiceTest extends RouteContract {

    /** Shorter than all time limits of requests and shutdowns here, and longer than a busy machine stands still. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final String LONG = "600000";
    private static final int LONG_SECONDS = 600;

    private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final ServerSocket silent = open();

    @Override
    protected void configure(DefaultCamelContext fresh) {
        Thread acceptor = new Thread(this::accept, "silent service");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static ServerSocket open() {
        try {
            return new ServerSocket(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = silent.accept();
                accepted.add(socket);
                if (socket.getInputStream().read() >= 0) {
                    asked.complete(null);
                }
            }
        } catch (IOException e) {
            // The test has ended.
        }
    }

    @AfterEach
    void close() throws IOException {
        silent.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    private String silent(String http, String options) {
        return "dynastore:silent?region=eu-central-1&accessKey=a&secretKey=b&overrideEndpoint=true"
                + "&uriEndpointOverride=http://localhost:" + silent.getLocalPort() + "&httpClient=" + http
                + "&apiCallTimeout=" + LONG + "ms&apiCallAttemptTimeout=" + LONG + "ms&" + options;
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @ParameterizedTest
    @CsvSource({
        "crt, partitionKeys=a", "netty, partitionKeys=a",
        "netty, segments=2", "netty, 'partitionKeys=a,b&concurrentPartitions=2'",
        "crt, partitionKeys=a&resume=table&resumeId=mine", "netty, partitionKeys=a&bridgeErrorHandler=true"
    })
    void consumerThatOnlyReadsDelaysNoStop(String http, String options) throws Exception {
        context.getShutdownStrategy().setTimeout(LONG_SECONDS);
        Queue<String> reported = new ConcurrentLinkedQueue<>();
        RouteBuilder.addRoutes(context, builder -> builder.from(silent(http, options + "&initialDelay=1"))
                .onException(Exception.class)
                .process(failed -> reported.add("handled"))
                .end()
                .process(delivered -> reported.add("delivered")));
        asked.get(20, TimeUnit.SECONDS);

        assertThat(CompletableFuture.runAsync(context::stop)).succeedsWithin(SOON);

        assertThat(reported).isEmpty();
    }

    @Test
    void suspendedConsumerReadsAgainWhenItIsResumed() throws Exception {
        String route = "silent";
        RouteBuilder.addRoutes(
                context, builder -> builder.from(silent("netty", "partitionKeys=a&initialDelay=1&delay=20"))
                        .routeId(route)
                        .to("mock:end"));
        asked.get(20, TimeUnit.SECONDS);
        context.getShutdownStrategy().setTimeout(LONG_SECONDS);

        assertThat(CompletableFuture.runAsync(() -> suspend(route))).succeedsWithin(SOON);
        int before = accepted.size();
        context.getRouteController().resumeRoute(route);

        ConsumerContract.await().until(() -> accepted.size() > before);
    }

    private void suspend(String route) {
        try {
            context.getRouteController().suspendRoute(route);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crt", "netty"})
    void pollEnrichWaitsNoLongerThanItsTimeout(String http) throws Exception {
        String in = route((builder, from) -> from.pollEnrich(silent(http, "partitionKeys=a"), 500)
                .setBody(body -> "nothing: " + body.getMessage().getBody()));
        long begun = System.nanoTime();

        assertThat(CompletableFuture.supplyAsync(() -> send(in, "sent", Map.of())))
                .succeedsWithin(SOON)
                .satisfies(exchange -> assertThat(done(exchange).getBody()).isEqualTo("nothing: null"));

        assertThat(since(begun)).isGreaterThan(Duration.ofMillis(450));
    }

    @Test
    void pollEnrichThatWaitsBehindAnotherWaitsNoLongerThanItsTimeout() throws Exception {
        String uri = silent("netty", "partitionKeys=a");
        try (ConsumerTemplate first = context.createConsumerTemplate();
                ConsumerTemplate second = context.createConsumerTemplate()) {
            CompletableFuture<Object> waiting =
                    CompletableFuture.supplyAsync(() -> first.receiveBody(uri, Long.parseLong(LONG)));
            asked.get(20, TimeUnit.SECONDS);

            assertThat(CompletableFuture.supplyAsync(() -> Optional.ofNullable(second.receiveBody(uri, 200))))
                    .succeedsWithin(SOON)
                    .isEqualTo(Optional.empty());

            assertThat(waiting).isNotDone();
            context.stop();
            assertThat(waiting).failsWithin(SOON);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pollEnrichWithoutTimeoutEndsWithAClearErrorWhenTheContextStops(boolean answers) throws Exception {
        String uri = answers ? served("partitionKeys=a&delay=" + LONG) : silent("crt", "partitionKeys=a");
        context.getShutdownStrategy().setTimeout(LONG_SECONDS);
        String in = route((builder, from) -> from.pollEnrich(uri));
        CompletableFuture<Exchange> sent = CompletableFuture.supplyAsync(() -> send(in, null, Map.of()));
        if (answers) {
            ConsumerContract.await().until(() -> !sent().isEmpty());
        } else {
            asked.get(20, TimeUnit.SECONDS);
        }

        assertThat(CompletableFuture.runAsync(context::stop)).succeedsWithin(SOON);

        assertThat(sent.get(20, TimeUnit.SECONDS).getException())
                .hasRootCauseInstanceOf(RejectedExecutionException.class)
                .hasStackTraceContaining("no item was taken, because the Camel context or the route stops");
    }

    /** The test's table, by the client that is recorded. */
    private String served(String options) {
        context.getRegistry().bind("served", recorded());
        return store("dynamoDbAsyncClient=#served&" + options);
    }
}
