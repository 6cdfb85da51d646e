/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dynastore.camel.internal.client.ServiceErrorDetails;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A service that throttles each request, with the reasons that DynamoDB names. */
class ThrottledCallsTest extends RouteContract {

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final HttpServer service = service(this::respond);
    private final DynamoDbAsyncClient client = dynamo.clientBuilder()
            .endpointOverride(
                    URI.create("http://localhost:" + service.getAddress().getPort()))
            .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    private volatile String error = "";

    @Override
    protected void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", client);
        fresh.getRegistry().bind("meters", meters);
    }

    private static HttpServer service(HttpHandler handler) {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            started.createContext("/", handler);
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void respond(HttpExchange request) throws IOException {
        byte[] body = error.getBytes(StandardCharsets.UTF_8);
        request.getRequestBody().readAllBytes();
        request.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        request.sendResponseHeaders(400, body.length);
        request.getResponseBody().write(body);
        request.close();
    }

    @AfterEach
    void stopService() {
        client.close();
        service.stop(0);
    }

    private static String reasons(String exception, String reasons) {
        return """
                {"__type": "com.amazonaws.dynamodb.v20120810#%s", "message": "Slow down.", "%s": [%s]}
                """.formatted(
                        exception,
                        // So they are in the service's model.
                        exception.equals("ThrottlingException") ? "throttlingReasons" : "ThrottlingReasons",
                        reasons);
    }

    private Map<String, Double> throttled() {
        Map<String, Double> counts = new TreeMap<>();
        for (Meter meter :
                meters.find("dynastore.throttled").tag("operation", "put").meters()) {
            meter.measure().forEach(value -> counts.put(meter.getId().getTag("reason"), value.getValue()));
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource({"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"})
    void reasonIsInTheRemedyTheHealthDetailsAndTheMetrics(String exception) throws Exception {
        String put = route((builder, from) -> from.to(store("operation=put&partitionKey=a&sortKey=b")));
        error = reasons(exception, """
                {"reason": "TableWriteProvisionedThroughputExceeded", "resource": "arn:tickets"},
                {"reason": "IndexWriteProvisionedThroughputExceeded", "resource": "arn:tickets/index/due"}""");
        Exchange first = send(put, "v", Map.of());
        send(put, "v", Map.of());
        error = reasons(exception, "{\"reason\": \"AccountLimitExceeded\"}");
        send(put, "v", Map.of());
        error = reasons(exception, "{\"reason\": \"a new one for each request, 4711\"}");
        send(put, "v", Map.of());
        error = reasons(exception, "");
        send(put, "v", Map.of());

        String both = "TableWriteProvisionedThroughputExceeded of arn:tickets, "
                + "IndexWriteProvisionedThroughputExceeded of arn:tickets/index/due";
        assertThat(TableErrorLog.remedy(first.getException()))
                .isEqualTo(
                        "its requests are throttled (" + both + "). Raise the limit that is exceeded, or send less.");
        assertThat(ServiceErrorDetails.details(first.getException()))
                .containsEntry("dynastore.throttling.reasons", both)
                .containsEntry("service.status.code", 400)
                .containsEntry("service.error.code", exception);
        assertThat(throttled())
                .isEqualTo(Map.of(
                        "TableWriteProvisionedThroughputExceeded", 2.0,
                        "IndexWriteProvisionedThroughputExceeded", 2.0,
                        "AccountLimitExceeded", 1.0,
                        "unknown", 2.0));
        assertThat(meters.get("dynastore.calls")
                        .tags("operation", "put", "outcome", "error")
                        .functionCounter()
                        .count())
                .isEqualTo(5);
        health();
    }

    private void health() {
        error = reasons(
                "ThrottlingException",
                "{\"reason\": \"TableReadMaxOnDemandThroughputExceeded\", \"resource\": \"arn:tickets\"}");
        DynaStoreProducerHealthCheck check = new DynaStoreProducerHealthCheck(
                context.getEndpoint(store("operation=put&partitionKey=a&sortKey=b"), DynaStoreEndpoint.class),
                id -> false);
        check.setEnabled(true);
        HealthCheck.Result result = check.call(Map.of());

        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getMessage()).hasValueSatisfying(message -> assertThat(message)
                .contains("are throttled (TableReadMaxOnDemandThroughputExceeded of arn:tickets)"));
        assertThat(result.getDetails())
                .containsEntry("dynastore.throttling.reasons", "TableReadMaxOnDemandThroughputExceeded of arn:tickets");
    }
}
