/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreEndpoint;
import io.dynastore.camel.LogFile;
import io.dynastore.camel.RouteContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What is logged if the component makes a client that the application did not mean, and what is not. */
class ClientWarningsTest extends RouteContract {

    private static final String OWN = "operation=get&partitionKey=1&sortKey=1&region=eu-west-1&accessKey=a&secretKey=b";

    private LogFile log;

    @Override
    protected void configure(DefaultCamelContext fresh) {}

    @BeforeEach
    void listen(@TempDir Path folder) throws Exception {
        log = LogFile.in(folder);
    }

    @AfterEach
    void stopListening() throws Exception {
        log.close();
    }

    private List<String> warnings() throws IOException {
        return log.lines().stream().filter(line -> line.startsWith("WARN")).toList();
    }

    private DynaStoreEndpoint started(String options) throws Exception {
        DynaStoreEndpoint endpoint = context.getEndpoint(store(options), DynaStoreEndpoint.class);
        endpoint.start();
        return endpoint;
    }

    @Test
    void severalClientsAreNamedOnceWithTheOptionThatChooses() throws Exception {
        context.getRegistry().bind("red", recorded());
        context.getRegistry().bind("blue", dynamo.client());

        started(OWN);
        started(OWN + "&consistentRead=true");

        assertThat(warnings()).singleElement().asString().contains("blue, red", "dynamoDbAsyncClient", "#blue");
    }

    @Test
    void chosenClientIsNoReasonToWarn() throws Exception {
        context.getRegistry().bind("red", recorded());
        context.getRegistry().bind("blue", dynamo.client());

        started("operation=get&partitionKey=1&sortKey=1&dynamoDbAsyncClient=#red");

        assertThat(warnings()).isEmpty();
    }

    @Test
    void blockingClientAloneIsNamed() throws Exception {
        try (DynamoDbClient blocking = DynamoDbClient.builder()
                .region(Region.EU_WEST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build()) {
            context.getRegistry().bind("blocking", blocking);

            started(OWN);

            assertThat(warnings()).singleElement().asString().contains("blocking", "DynamoDbAsyncClient");
        }
    }

    @Test
    void endpointThatIsNotOverriddenIsNamedOnce() throws Exception {
        started(OWN + "&uriEndpointOverride=http://user:word@localhost:1");
        started(OWN + "&consistentRead=true&uriEndpointOverride=http://user:word@localhost:1");

        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("http://localhost:1", "overrideEndpoint=true")
                .doesNotContain("word");
    }

    @Test
    void userInformationOfAnEndpointIsShownNowhere() throws Exception {
        DynaStoreEndpoint endpoint =
                started(OWN + "&overrideEndpoint=true&uriEndpointOverride=http://user:word@localhost:1/x");
        DynaStoreEndpoint stopped = context.getEndpoint(
                store(OWN + "&overrideEndpoint=true&uriEndpointOverride=http://user:word@localhost:2"),
                DynaStoreEndpoint.class);

        send(endpoint.getEndpointUri(), null, Map.of());

        assertThat(endpoint.getServiceUrl()).isEqualTo("http://localhost:1/x");
        assertThat(stopped.getServiceUrl()).isEqualTo("http://localhost:2");
        assertThat(endpoint.toString()).doesNotContain("word");
        DevConsole console = PluginHelper.getDevConsoleResolver(context).resolveDevConsole("dynastore");
        assertThat(console).isNotNull();
        assertThat(console.call(DevConsole.MediaType.TEXT).toString())
                .contains("localhost:1")
                .doesNotContain("word");
        assertThat(console.call(DevConsole.MediaType.JSON).toString()).doesNotContain("word");
        assertThat(HealthCheckHelper.invoke(context))
                .allSatisfy(result -> assertThat(result.getMessage().orElse("") + result.getDetails())
                        .doesNotContain("word"));
        assertThat(Files.readString(log.file())).contains("localhost:1").doesNotContain("user:word");
    }
}
