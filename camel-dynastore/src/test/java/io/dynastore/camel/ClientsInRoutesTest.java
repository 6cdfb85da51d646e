/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The origin of the client, its sharing and its end. Nothing is in the registry unless a test binds it. */
@Timeout(60)
class ClientsInRoutesTest extends RouteContract {

    private static final String GET = "operation=get&failIfMissing=false&partitionKey=customer&sortKey=1";

    @Override
    public void configure(DefaultCamelContext fresh) {}

    private static String local() {
        return "&region=eu-central-1&accessKey=test&secretKey=test&overrideEndpoint=true&uriEndpointOverride="
                + dynamo.endpoint();
    }

    private DynaStoreEndpoint started(String options) throws Exception {
        DynaStoreEndpoint endpoint = context.getEndpoint(store(options), DynaStoreEndpoint.class);
        endpoint.start();
        return endpoint;
    }

    private static boolean works(DynamoDbAsyncClient client) {
        try {
            client.listTables().join();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Test
    void onlyClientInTheRegistryIsUsedAndNotClosed() throws Exception {
        try (DynamoDbAsyncClient mine = dynamo.clientBuilder().build()) {
            context.getRegistry().bind("mine", mine);

            done(through(null, Map.of(), store(GET)));
            DynaStoreEndpoint endpoint = started("operation=get");
            assertThat(endpoint.client()).isSameAs(mine);
            context.stop();

            assertThat(works(mine)).isTrue();
        }
    }

    @Test
    void clientMayBeGivenByName() throws Exception {
        try (DynamoDbAsyncClient one = dynamo.clientBuilder().build();
                DynamoDbAsyncClient two = dynamo.clientBuilder().build()) {
            context.getRegistry().bind("one", one);
            context.getRegistry().bind("two", two);

            assertThat(started("operation=get&dynamoDbAsyncClient=#two").client())
                    .isSameAs(two);
        }
    }

    @Test
    void endpointsWithEqualSettingsShareAClientThatTheComponentCloses() throws Exception {
        done(through(null, Map.of(), store(GET + local())));

        DynamoDbAsyncClient one = started("operation=get" + local()).client();
        DynamoDbAsyncClient two = started("operation=list" + local()).client();
        DynamoDbAsyncClient other =
                started("operation=get&maxConnections=7" + local()).client();
        assertThat(one).isSameAs(two).isNotSameAs(other);
        assertThat(works(one)).isTrue();
        context.stop();

        assertThat(works(one)).isFalse();
        assertThat(works(other)).isFalse();
    }

    @Test
    void regionEndpointAndTimeOutsComeFromTheOptions() throws Exception {
        var settings = started("region=ap-south-1&accessKey=a&secretKey=b&apiCallTimeout=7s&apiCallAttemptTimeout=3s")
                .client()
                .serviceClientConfiguration();

        assertThat(settings.region()).isEqualTo(Region.AP_SOUTH_1);
        assertThat(settings.endpointOverride()).isEmpty();
        assertThat(settings.overrideConfiguration().apiCallTimeout()).contains(Duration.ofSeconds(7));
        assertThat(settings.overrideConfiguration().apiCallAttemptTimeout()).contains(Duration.ofSeconds(3));
        assertThat(started("operation=get" + local())
                        .client()
                        .serviceClientConfiguration()
                        .endpointOverride())
                .contains(dynamo.endpoint());
    }

    @Test
    void sessionCredentialsAreUsed() throws Exception {
        var identity = started("region=eu-central-1&useSessionCredentials=true&accessKey=a&secretKey=b&sessionToken=c")
                .client()
                .serviceClientConfiguration()
                .credentialsProvider()
                .resolveIdentity()
                .join();

        assertThat(identity).isInstanceOfSatisfying(AwsSessionCredentials.class, session -> {
            assertThat(session.accessKeyId()).isEqualTo("a");
            assertThat(session.sessionToken()).isEqualTo("c");
        });
    }

    @Test
    void profileIsNamedByItsOption() throws Exception {
        DynaStoreEndpoint endpoint =
                started("region=eu-central-1&useProfileCredentialsProvider=true&profileCredentialsName=dynastore-test");

        assertThat(endpoint.client().serviceClientConfiguration().credentialsProvider())
                .asString()
                .contains("dynastore-test");
    }

    @Test
    void unreachableEndpointFailsWithinTheTimeOut() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        String uri = store(GET + "&region=eu-central-1&accessKey=a&secretKey=b&overrideEndpoint=true"
                + "&uriEndpointOverride=http://localhost:" + closed
                + "&connectionTimeout=300ms&apiCallAttemptTimeout=500ms&apiCallTimeout=1500ms");
        String route = route((builder, from) -> from.to(uri));

        Exchange exchange = send(route, null, Map.of());

        assertThat(exchange.getException()).isInstanceOf(SdkClientException.class);
    }

    @Test
    void silentServerFailsWithinTheTimeOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            String uri = store(GET + "&region=eu-central-1&accessKey=a&secretKey=b&overrideEndpoint=true"
                    + "&uriEndpointOverride=http://localhost:" + silent.getLocalPort()
                    + "&apiCallAttemptTimeout=10s&apiCallTimeout=700ms");
            String route = route((builder, from) -> from.to(uri));

            Exchange exchange = send(route, null, Map.of());

            assertThat(exchange.getException())
                    .isInstanceOf(ApiCallTimeoutException.class)
                    .hasMessageContaining("700 millis");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crt", "netty"})
    void requestInFlightWhenTheComponentStopsStillEnds(String http) throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            DynamoDbAsyncClient client = started(
                            "operation=get&region=eu-central-1&accessKey=a&secretKey=b&overrideEndpoint=true"
                                    + "&uriEndpointOverride=http://localhost:" + silent.getLocalPort()
                                    + "&apiCallTimeout=1s&httpClient="
                                    + http)
                    .client();
            CompletableFuture<?> response = client.listTables();
            silent.accept().getInputStream().read();

            context.stop();

            assertThatThrownBy(response::get).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void everyPartOfAUriMayBeAPlaceholder() throws Exception {
        given("customer", "1", "value");
        Properties properties = new Properties();
        properties.setProperty("table", table);
        properties.setProperty("operation", "get");
        properties.setProperty("customer", "customer");
        properties.setProperty("number", "1");
        properties.setProperty("aws.region", "eu-central-1");
        properties.setProperty("aws.secret", "test");
        properties.setProperty("aws.endpoint", dynamo.endpoint().toString());
        properties.setProperty("timeout", "9s");
        context.getPropertiesComponent().setInitialProperties(properties);

        Exchange exchange = through(
                null,
                Map.of(),
                "dynastore:{{table}}?operation={{operation}}&partitionKey={{customer}}&sortKey={{number}}"
                        + "&region={{aws.region}}&accessKey={{aws.secret}}&secretKey={{aws.secret}}"
                        + "&overrideEndpoint=true&uriEndpointOverride={{aws.endpoint}}&apiCallTimeout={{timeout}}"
                        + "&payloadFormat={{format:text}}");

        assertThat(done(exchange).getBody()).isEqualTo("value");
    }

    @Test
    void componentPropertiesBindInMain() throws Exception {
        given("customer", "1", "value");
        Main main = new Main();
        main.addInitialProperty("camel.component.dynastore.region", "eu-central-1");
        main.addInitialProperty("camel.component.dynastore.access-key", "test");
        main.addInitialProperty("camel.component.dynastore.secretKey", "test");
        main.addInitialProperty("camel.component.dynastore.override-endpoint", "true");
        main.addInitialProperty(
                "camel.component.dynastore.uri-endpoint-override",
                dynamo.endpoint().toString());
        main.addInitialProperty("camel.component.dynastore.partition-key", "customer");
        main.addInitialProperty("camel.component.dynastore.api-call-timeout", "8s");
        main.start();
        try {
            CamelContext inMain = Objects.requireNonNull(main.getCamelContext());
            DynaStoreEndpoint endpoint = inMain.getEndpoint(store("operation=get&sortKey=1"), DynaStoreEndpoint.class);

            assertThat(inMain.createProducerTemplate().requestBody(endpoint, (Object) null))
                    .isEqualTo("value");
            assertThat(endpoint.getConfiguration().getApiCallTimeout()).isEqualTo(8_000);
            assertThat(endpoint.getConfiguration().getTableName()).isEqualTo(table);
        } finally {
            main.stop();
        }
    }

    @Test
    void unknownOptionStopsTheStart() {
        assertThatThrownBy(() -> context.getEndpoint(store("operation=get&sortkey2=1")))
                .hasStackTraceContaining("sortkey2");
    }
}
