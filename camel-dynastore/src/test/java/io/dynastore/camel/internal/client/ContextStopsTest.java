/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.testkit.TestSeed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contexts that are stopped by force while writes are under way, with each HTTP client. The service notes each write
 * that it has received. The seed of the delays is printed.
 */
@Timeout(1800)
class ContextStopsTest {

    private static final int STOPS = Integer.getInteger("dynastore.test.stops", 6);
    private static final int EXCHANGES = 50;
    private static final Pattern WRITE = Pattern.compile("write-\\d+-\\d+");

    private static final List<String> OPERATIONS =
            List.of("create", "put", "update", "delete", "create&exactlyOnce=true");

    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final Random random = TestSeed.random();
    private final Semaphore arrivals = new Semaphore(0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService slowness = Executors.newSingleThreadScheduledExecutor();
    private volatile int delayMillis = 40;
    private HttpServer service;

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), EXCHANGES);
        service.setExecutor(threads);
        service.createContext("/", this::respond);
        service.start();
    }

    @AfterEach
    void stopService() {
        service.stop(0);
        threads.shutdownNow();
        slowness.shutdownNow();
    }

    private void respond(HttpExchange http) throws IOException {
        String request = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher write = WRITE.matcher(request);
        if (write.find()) {
            received.add(write.group());
            arrivals.release();
        }
        var unused = slowness.schedule(() -> answer(http), random.nextInt(delayMillis), TimeUnit.MILLISECONDS);
    }

    private @Nullable Void answer(HttpExchange http) throws IOException {
        byte[] response = "{}".getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        http.sendResponseHeaders(200, response.length);
        http.getResponseBody().write(response);
        http.close();
        return null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"crt", "netty"})
    void everyWriteUnderWayEndsWithTheTruth(String http) throws Exception {
        for (int stop = 0; stop < STOPS; stop++) {
            Map<String, CompletableFuture<Exchange>> sent = stopUnderWay(http, stop);
            for (Map.Entry<String, CompletableFuture<Exchange>> one : sent.entrySet()) {
                assertTruth(
                        one.getKey(), one.getValue().get(40, TimeUnit.SECONDS).getException());
            }
        }
    }

    private void assertTruth(String write, @Nullable Throwable error) {
        // The service answers each request within its time-out, so no outcome is unknown.
        assertThat(error == null)
                .as("%s was received and ended with %s", write, error)
                .isEqualTo(received.contains(write));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crt", "netty"})
    void writeWhoseResponseTakesLongerThanTheStopEndsWithTheTruth(String http) throws Exception {
        // Longer than the stop waits.
        delayMillis = 3000;

        Map<String, CompletableFuture<Exchange>> sent = stopUnderWay(http, 0);

        for (Map.Entry<String, CompletableFuture<Exchange>> one : sent.entrySet()) {
            assertTruth(one.getKey(), one.getValue().get(40, TimeUnit.SECONDS).getException());
        }
    }

    private Map<String, CompletableFuture<Exchange>> stopUnderWay(String http, int stop) throws Exception {
        Map<String, CompletableFuture<Exchange>> sent = new ConcurrentHashMap<>();
        arrivals.drainPermits();
        try (DefaultCamelContext context = context(http)) {
            ProducerTemplate template = context.createProducerTemplate();
            for (int number = 0; number < EXCHANGES; number++) {
                String write = "write-" + stop + "-" + number;
                String to = direct(number % OPERATIONS.size());
                sent.put(write, template.asyncSend(to, exchange -> {
                    exchange.getMessage().setBody("value");
                    exchange.getMessage().setHeader(DynaStoreConstants.SORT_KEY, write);
                }));
            }
            arrivals.tryAcquire(random.nextInt(EXCHANGES), 5, TimeUnit.SECONDS);
            long begun = System.nanoTime();
            context.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
        return sent;
    }

    private DefaultCamelContext context(String http) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        context.getShutdownStrategy().setTimeout(1);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        List<String> operations = new ArrayList<>(OPERATIONS);
        RouteBuilder.addRoutes(context, builder -> {
            builder.errorHandler(builder.noErrorHandler());
            for (int i = 0; i < operations.size(); i++) {
                builder.from(direct(i)).to(uri(http, operations.get(i)));
            }
        });
        context.start();
        return context;
    }

    /** Without block=false, a sender waits half a minute for a route that has stopped. */
    private static String direct(int operation) {
        return "direct:" + operation + "?block=false";
    }

    private String uri(String http, String operation) {
        return "dynastore:tickets?partitionKey=customer&returnVersion=false&operation=" + operation
                + "&region=eu-central-1&accessKey=a&secretKey=b&overrideEndpoint=true&httpClient=" + http
                + "&apiCallTimeout=10s&uriEndpointOverride=http://localhost:"
                + service.getAddress().getPort();
    }
}
