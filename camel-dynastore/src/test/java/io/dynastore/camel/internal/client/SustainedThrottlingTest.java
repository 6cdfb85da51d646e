/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dynastore.camel.RouteContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** The error of calls whose requests are all throttled until their time is over. */
@Timeout(60)
class SustainedThrottlingTest extends RouteContract {

    private static final String NEW_RETRIES = "aws.newRetries2026";

    private static final byte[] THROTTLED = """
            {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
             "message": "The level of configured provisioned throughput for the table was exceeded.",
             "ThrottlingReasons": [{"reason": "TableWriteProvisionedThroughputExceeded", "resource": "arn:tickets"}]}
            """.getBytes(StandardCharsets.UTF_8);

    /** The partition of a request is the name of the operation, and of the client that it uses. */
    private static final Pattern STEP = Pattern.compile("step-(\\w+)");

    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer service;

    @Override
    public void configure(DefaultCamelContext fresh) {}

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        service.createContext("/", request -> {
            Matcher step = STEP.matcher(new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (step.find()) {
                requests(step.group(1)).incrementAndGet();
            }
            request.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            request.sendResponseHeaders(400, THROTTLED.length);
            request.getResponseBody().write(THROTTLED);
            request.close();
        });
        service.start();
    }

    private AtomicInteger requests(String operation) {
        return requests.computeIfAbsent(operation, first -> new AtomicInteger());
    }

    @AfterEach
    void stopService() {
        service.stop(0);
        threads.shutdownNow();
        System.clearProperty(NEW_RETRIES);
    }

    @Test
    void everyOperationEndsWithTheThrottlingOfTheServiceUnderNewRetries() {
        System.setProperty(NEW_RETRIES, "true");

        assertEndWithTheThrottling("", everyOperation("", ofComponent() + "&apiCallTimeout=5s"));
    }

    /** Side by side, as each call waits for its time limit. */
    @Test
    void everyOperationEndsWithTheThrottlingOfTheServiceWhateverClientItUses() {
        System.setProperty(NEW_RETRIES, "false");
        try (DynamoDbAsyncClient limited = client(Duration.ofSeconds(5));
                DynamoDbAsyncClient unlimited = client(null)) {
            context.getRegistry().bind("limited", limited);
            context.getRegistry().bind("unlimited", unlimited);
            var ofComponent = everyOperation("C", ofComponent() + "&apiCallTimeout=5s");
            var ofApplication = everyOperation("A", "&dynamoDbAsyncClient=#limited");
            var withoutLimit = begun("lock", "L", "&lockTtl=1s&dynamoDbAsyncClient=#unlimited");
            var longLock = begun("lock", "T", "&lockTtl=3s&acquireTimeout=0" + ofComponent());

            assertEndWithTheThrottling("C", ofComponent);
            assertEndWithTheThrottling("A", ofApplication);
            assertThat(withoutLimit.join()).isInstanceOf(ProvisionedThroughputExceededException.class);
            assertThat(longLock.join()).isInstanceOf(ProvisionedThroughputExceededException.class);
            assertThat(requests("lockT"))
                    .as("a longer time limit is used as a whole")
                    .hasValueBetween(3, 5);
        }
    }

    /** The first pause of the SDK is a second at most: a limit of five has room for a second attempt. */
    private Map<String, CompletableFuture<Throwable>> everyOperation(String form, String options) {
        Map<String, CompletableFuture<Throwable>> errors = new HashMap<>();
        for (String operation : List.of("create", "put", "update", "delete", "get", "list", "lock")) {
            errors.put(operation, begun(operation, form, (operation.equals("lock") ? "&lockTtl=5s" : "") + options));
        }
        return errors;
    }

    private void assertEndWithTheThrottling(String form, Map<String, CompletableFuture<Throwable>> errors) {
        errors.forEach((operation, error) -> {
            assertThat(error.join())
                    .as(operation + form)
                    .isInstanceOfSatisfying(ProvisionedThroughputExceededException.class, throttled -> assertThat(
                                    throttled.throttlingReasons())
                            .singleElement()
                            .satisfies(reason ->
                                    assertThat(reason.reason()).isEqualTo("TableWriteProvisionedThroughputExceeded")));
            assertThat(requests(operation + form)).as(operation + form).hasValueGreaterThan(1);
        });
    }

    private CompletableFuture<Throwable> begun(String operation, String form, String options) {
        String key = "&partitionKey=step-" + operation + form + (operation.equals("list") ? "" : "&sortKey=1");
        String uri = store("operation=" + operation + options + key);
        return CompletableFuture.supplyAsync(() -> send(uri, "value", Map.of()).getException(), threads);
    }

    private String ofComponent() {
        return "&accessKey=a&secretKey=b&region=eu-central-1&overrideEndpoint=true&uriEndpointOverride=" + address();
    }

    private String address() {
        return "http://localhost:" + service.getAddress().getPort();
    }

    private DynamoDbAsyncClient client(@Nullable Duration limit) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(address()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(override -> override.apiCallTimeout(limit))
                .build();
    }
}
