/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.HttpClientType;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.internal.item.NetworkErrors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The error of a write that gets no response or a broken one, with each HTTP client. */
@Timeout(60)
class BrokenOffResponsesTest extends RouteContract {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** The reaction to a received request. */
    private interface Reaction {
        void to(Socket request) throws IOException;
    }

    @Override
    public void configure(DefaultCamelContext fresh) {}

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(names = {"CRT", "NETTY"})
    void writeWithAClosedConnectionHasAnUnknownOutcome(HttpClientType http) throws Exception {
        assertThat(create(http, Socket::close).getException()).isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRT", "NETTY"})
    void writeWithAResetConnectionHasAnUnknownOutcome(HttpClientType http) throws Exception {
        assertThat(create(http, request -> {
                            request.setSoLinger(true, 0);
                            request.close();
                        })
                        .getException())
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRT", "NETTY"})
    void writeWithAResponseOtherThanHttpHasAnUnknownOutcome(HttpClientType http) throws Exception {
        assertThat(create(http, request -> response(request, "What?\r\n\r\n")).getException())
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRT", "NETTY"})
    void writeWithATruncatedResponseHasAnUnknownOutcome(HttpClientType http) throws Exception {
        assertThat(create(http, request -> response(request, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"))
                        .getException())
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRT", "NETTY"})
    void writeWithoutAResponseInTimeHasAnUnknownOutcome(HttpClientType http) throws Exception {
        assertThat(create(http, request -> {}, Duration.ofMillis(300)).getException())
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRT", "NETTY"})
    void writeWithoutAListenerWasNotApplied(HttpClientType http) throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        Throwable error =
                create(http, "localhost:" + closed, Duration.ofSeconds(30)).getException();

        assertThat(error).isInstanceOf(SdkClientException.class);
        assertThat(NetworkErrors.unknownHost(error)).isFalse();
        assertThat(NetworkErrors.silent(error)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"CRT", "NETTY"})
    void writeToAnUnknownHostWasNotApplied(HttpClientType http) throws Exception {
        Throwable error =
                create(http, "nowhere.invalid:8000", Duration.ofSeconds(30)).getException();

        assertThat(error).isInstanceOf(SdkClientException.class);
        assertThat(NetworkErrors.unknownHost(error)).isTrue();
    }

    private Exchange create(HttpClientType http, Reaction reaction) throws Exception {
        return create(http, reaction, Duration.ofSeconds(30));
    }

    private Exchange create(HttpClientType http, Reaction reaction, Duration timeout) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> serve(server, reaction));
            return create(http, "localhost:" + server.getLocalPort(), timeout);
        }
    }

    /** Without retries, so that the error of the only attempt decides. */
    private Exchange create(HttpClientType http, String address, Duration timeout) throws Exception {
        DynaStoreConfiguration options = new DynaStoreConfiguration();
        options.setHttpClient(http);
        try (DynamoDbAsyncClient client = DynamoDbAsyncClient.builder()
                .httpClientBuilder(new HttpClientBuilder(options))
                .overrideConfiguration(override ->
                        override.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(timeout))
                .endpointOverride(URI.create("http://" + address))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build()) {
            context.getRegistry().bind("client", client);
            String uri = store("operation=create&partitionKey=customer&sortKey=1&dynamoDbAsyncClient=#client");
            return send(route((builder, from) -> from.to(uri)), "value", Map.of());
        }
    }

    private void serve(ServerSocket server, Reaction reaction) {
        assertThatCode(() -> {
                    while (true) {
                        Socket socket = server.accept();
                        threads.execute(() -> receive(socket, reaction));
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private static void receive(Socket socket, Reaction reaction) {
        try {
            BufferedReader head =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            int length = 0;
            for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).trim());
                }
            }
            for (int i = 0; i < length; i++) {
                head.read();
            }
            reaction.to(socket);
        } catch (IOException e) {
            // The client has closed the connection.
        }
    }

    private static void response(Socket request, String text) throws IOException {
        request.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        request.getOutputStream().flush();
        request.close();
    }
}
