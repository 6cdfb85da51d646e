/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.internal.consumer.ConsumerContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.EndpointServiceLocation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table, location and client that an endpoint reports. */
class StartOfEndpointsTest extends ConsumerContract {

    private LogFile log;

    @Override
    public void configure(DefaultCamelContext fresh) {}

    @BeforeEach
    void listen(@TempDir Path folder) throws Exception {
        log = LogFile.in(folder);
    }

    @AfterEach
    void stopListening() throws Exception {
        log.close();
    }

    private List<String> lines() throws IOException {
        return log.lines().stream()
                .filter(line -> line.contains("Store on table"))
                .toList();
    }

    private String line(String place, String client) {
        return "INFO io.dynastore.camel.DynaStoreEndpoint Store on table " + table + " (" + place + "), client of the "
                + client;
    }

    @Test
    void oneLineNamesEndpointAndClientOfEachTable() throws Exception {
        context.getRegistry().bind("client", recorded());
        String get = store("operation=get&failIfMissing=false&partitionKey=1&sortKey=1");
        done(through(null, Map.of(), get, get));
        String producers = line(dynamo.endpoint().toString(), "application");
        assertThat(lines()).containsExactly(producers);

        consume("partitionKeys=north&resume=memory");

        assertThat(lines()).containsExactly(producers);
    }

    @Test
    void oneLineNamesTheRegionIfTheClientHasNoEndpointOfItsOwn() throws Exception {
        Endpoint endpoint =
                context.getEndpoint(store("region=eu-west-1&accessKey=a&secretKey=b&operation=get&partitionKey=1"));
        endpoint.start();

        assertThat(lines()).containsExactly(line("eu-west-1", "component"));
        EndpointServiceLocation location = (EndpointServiceLocation) endpoint;
        assertThat(location.getServiceUrl()).isEqualTo("eu-west-1");
        assertThat(location.getServiceProtocol()).isEqualTo("dynamodb");
        assertThat(location.getServiceMetadata()).isEqualTo(Map.of("table", table));
    }

    @Test
    void serviceLocationIsThatOfTheClient() throws Exception {
        context.getRegistry().bind("client", recorded());
        DynaStoreEndpoint endpoint =
                context.getEndpoint(store("operation=get&partitionKey=1"), DynaStoreEndpoint.class);
        endpoint.start();

        assertThat(endpoint.getServiceUrl()).isEqualTo(dynamo.endpoint().toString());

        endpoint.stop();
        assertThat(endpoint.getServiceUrl())
                .as("nothing is known of it any more")
                .isNull();
    }
}
