/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dynastore.test.DynamoDbExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * The log of an application whose table can't be used: one line with table, location and remedy. The SDK's own error
 * passes through.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class TableErrorReportTest {

    private static final String PREFIX = "camel.component.dynastore.";

    /** Longer than all attempts. */
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(50);

    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(3);

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table = dynamo.freshName("tickets");

    private ApplicationContextRunner application(Object endpoint) {
        return Starter.runner()
                .withPropertyValues(
                        PREFIX + "override-endpoint=true",
                        PREFIX + "uri-endpoint-override=" + endpoint,
                        PREFIX + "region=eu-central-1",
                        PREFIX + "access-key=any",
                        PREFIX + "secret-key=hidden")
                .withBean(RouteBuilder.class, this::routes);
    }

    private RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:get")
                        .to("dynastore:" + table
                                + "?operation=get&partitionKey=customer&sortKey=1&failIfMissing=false");
            }
        };
    }

    private String line(Object place) {
        return "Table " + table + " (" + place + ") can't be used: ";
    }

    /** The start fails, as it creates the table. */
    private void assertNoStart(Object endpoint, Duration timeout, CapturedOutput output, String remedy) {
        application(endpoint)
                .withPropertyValues(
                        PREFIX + "auto-create-table=true",
                        PREFIX + "api-call-attempt-timeout=1s",
                        PREFIX + "api-call-timeout=" + timeout)
                .run(application -> {
                    assertThat(application.getStartupFailure()).hasStackTraceContaining("software.amazon.awssdk");
                    assertThat(output).containsOnlyOnce(line(endpoint) + remedy).doesNotContain("hidden");
                });
    }

    @Test
    void missingTableIsReportedOnceUntilItExisted(CapturedOutput output) {
        application(dynamo.endpoint()).run(application -> {
            ProducerTemplate routes = application.getBean(ProducerTemplate.class);
            ThrowingCallable get = () -> routes.requestBody("direct:get", (Object) null);
            assertThatThrownBy(get).hasCauseInstanceOf(ResourceNotFoundException.class);
            assertThatThrownBy(get).hasCauseInstanceOf(ResourceNotFoundException.class);
            String line = line(dynamo.endpoint()) + "there is none. Create it, or set autoCreateTable=true";
            assertThat(output).containsOnlyOnce(line);

            createTable();
            routes.requestBody("direct:get", (Object) null);
            dynamo.client().deleteTable(delete -> delete.tableName(table)).join();
            assertThatThrownBy(get).hasCauseInstanceOf(ResourceNotFoundException.class);

            assertThat(output.getAll().lines().filter(one -> one.contains(line)))
                    .hasSize(2);
        });
    }

    private void createTable() {
        Starter.runner()
                .withBean("client", DynamoDbAsyncClient.class, dynamo::client, bean -> bean.setDestroyMethodName(""))
                .withPropertyValues(PREFIX + "auto-create-table=true")
                .withBean(RouteBuilder.class, this::routes)
                .run(application -> assertThat(application).hasNotFailed());
    }

    @Test
    void rejectedCredentialsAreReportedAtTheStart(CapturedOutput output) throws IOException {
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            byte[] response = ("{\"__type\":\"com.amazon.coral.service#UnrecognizedClientException\","
                            + "\"message\":\"The security token is invalid.\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(400, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        refusing.start();
        try {
            assertNoStart(
                    "http://localhost:" + refusing.getAddress().getPort(),
                    LONG_TIMEOUT,
                    output,
                    "the credentials are refused (UnrecognizedClientException). Correct accessKey");
        } finally {
            refusing.stop(0);
        }
    }

    @Test
    void unknownAddressIsReportedAtTheStart(CapturedOutput output) {
        assertNoStart(
                "http://dynamodb.eu-centrall-1.invalid",
                LONG_TIMEOUT,
                output,
                "its address does not exist. Correct the region, or uriEndpointOverride.");
    }

    @Test
    void endpointWithoutListenerIsReportedAtTheStart(CapturedOutput output) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertNoStart("http://localhost:" + port, SHORT_TIMEOUT, output, "it can't be reached. Correct the region or");
    }

    @Test
    void silentEndpointDelaysTheStartNoLongerThanTheTimeOut(CapturedOutput output) throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertNoStart(
                    "http://localhost:" + silent.getLocalPort(),
                    SHORT_TIMEOUT,
                    output,
                    "it can't be reached. Correct the region or");
        }
    }
}
