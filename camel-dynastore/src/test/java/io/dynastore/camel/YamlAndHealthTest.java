/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** A route in YAML, and the health check of a producer. */
class YamlAndHealthTest extends RouteContract {

    private static List<HealthCheck.Result> ours(CamelContext context) {
        return HealthCheckHelper.invoke(context, "full").stream()
                .filter(result -> result.getCheck().getId().contains("dynastore"))
                .toList();
    }

    @Test
    void yamlRouteUsesTheComponent() throws Exception {
        String yaml = """
                - route:
                    from:
                      uri: direct:yaml
                      steps:
                        - to:
                            uri: dynastore:%1$s
                            parameters:
                              operation: create
                              partitionKey: customer
                              sortKey: "1"
                              ttl: 1d
                        - setBody:
                            constant: changed
                        - to: "dynastore:%1$s?operation=update&partitionKey=customer&sortKey=1"
                        - to: "dynastore:%1$s?operation=get&partitionKey=customer&sortKey=1"
                """.formatted(table);
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("route.yaml", yaml));

        assertThat(done(send("direct:yaml", "first", Map.of())).getBody()).isEqualTo("changed");
        assertThat(stored("customer", "1")).containsEntry("version", number(2)).containsKey("expires");
    }

    private Main main(String name) {
        Main main = new Main();
        main.bind("client", recorded());
        main.addInitialProperty("camel.health.producers-enabled", "true");
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:health")
                        .routeId("health")
                        .to("dynastore:" + name + "?operation=get&partitionKey=1&sortKey=1");
            }
        });
        return main;
    }

    @Test
    void producerIsUpWhileItsTableRespondsAndItsCheckEndsWithIt() throws Exception {
        Main main = main(table);
        main.start();
        try {
            CamelContext inMain = Objects.requireNonNull(main.getCamelContext());
            HTTP.clear();

            assertThat(ours(inMain)).singleElement().satisfies(result -> {
                assertThat(result.getState()).isEqualTo(HealthCheck.State.UP);
                assertThat(result.getDetails()).containsEntry("dynastore.table", table);
            });
            assertThat(sent()).as("never a scan").containsExactly("GetItem");

            inMain.getRouteController().stopRoute("health");
            inMain.removeRoute("health");
            assertThat(ours(inMain)).isEmpty();
        } finally {
            main.stop();
        }
    }

    @Test
    void checksOfProducersAreNamedByTableAndOperation() throws Exception {
        Main main = main(table);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:more")
                        .to("dynastore:" + table + "?operation=get&partitionKey=2&sortKey=1")
                        .to("dynastore:" + table + "?operation=update&partitionKey=2&sortKey=1");
            }
        });
        main.start();
        try {
            String name = "producer:dynastore-" + table;
            assertThat(ours(Objects.requireNonNull(main.getCamelContext())))
                    .extracting(result -> result.getCheck().getId())
                    .containsExactlyInAnyOrder(name + "-get", name + "-get-2", name + "-update");
        } finally {
            main.stop();
        }
    }

    @Test
    void producerIsNotCheckedIfTheComponentDisablesIt() throws Exception {
        Main main = main("no-such-table");
        main.addInitialProperty("camel.component.dynastore.health-check-producer-enabled", "false");
        main.start();
        try {
            assertThat(ours(Objects.requireNonNull(main.getCamelContext())))
                    .singleElement()
                    .satisfies(result -> assertThat(result.getState()).isEqualTo(HealthCheck.State.UNKNOWN));
        } finally {
            main.stop();
        }
    }

    @Test
    void producerIsDownWithTheCauseIfItsTableIsMissing() throws Exception {
        Main main = main("no-such-table");
        main.start();
        try {
            assertThat(ours(Objects.requireNonNull(main.getCamelContext())))
                    .singleElement()
                    .satisfies(result -> {
                        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
                        assertThat(result.getMessage()).hasValueSatisfying(message -> assertThat(message)
                                .contains("no-such-table (", "Create it"));
                        assertThat(result.getError()).containsInstanceOf(ResourceNotFoundException.class);
                        assertThat(result.getDetails())
                                .containsEntry("service.status.code", 400)
                                .hasEntrySatisfying(
                                        "dynastore.remedy",
                                        remedy -> assertThat(remedy).asString().contains("Create it"));
                    });
        } finally {
            main.stop();
        }
    }
}
