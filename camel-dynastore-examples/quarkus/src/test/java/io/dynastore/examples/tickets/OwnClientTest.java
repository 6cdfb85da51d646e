/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.test.DynamoDbExtension;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A client that the application produces replaces the properties of the component. */
@QuarkusTest
@TestProfile(OwnClientTest.Profile.class)
class OwnClientTest {

    @Inject
    CamelContext camel;

    @Inject
    ProducerTemplate routes;

    @Test
    void isUsedByTheComponent() {
        Map<String, Object> ticket = Map.of("customer", "smith", "ticket", "own");

        routes.sendBodyAndHeaders("direct:open", Map.of("subject", "No light"), ticket);

        assertThat(camel.getComponent("dynastore", DynaStoreComponent.class)
                        .getConfiguration()
                        .getRegion())
                .isNull();
    }

    /** Sets no region, so that only the client leads to the engine. */
    public static final class Profile implements QuarkusTestProfile {

        private static final DynamoDbExtension dynamo = DynamoDbExtension.create();

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "test.engine",
                    dynamo.endpoint().toString(),
                    "tickets.table",
                    dynamo.freshName("tickets"),
                    "camel.main.duration-max-seconds",
                    "0");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Client.class);
        }
    }

    @Alternative
    public static class Client {

        @Produces
        @ApplicationScoped
        DynamoDbAsyncClient client(@ConfigProperty(name = "test.engine") URI engine) {
            return DynamoDbExtension.clientBuilder(engine).build();
        }
    }
}
