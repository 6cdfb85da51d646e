/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.cluster.DynaStoreClusterService;
import io.dynastore.lease.Takeover;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cluster.CamelClusterService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The cluster service that {@code camel.cluster.dynastore.*} makes. */
class ClusterPropertiesTest {

    private static final String PREFIX = "camel.cluster.dynastore.";

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table =
            dynamo.table("cluster", TableSpec.partitionKey("id", S).sortKey("name", S));

    @Test
    void clusterServiceExistsOnlyIfEnabled() {
        Starter.runner().withPropertyValues(PREFIX + "table-name=" + table).run(application -> assertThat(application)
                .doesNotHaveBean(CamelClusterService.class));
    }

    @Test
    void clusterServiceIsMadeFromProperties() {
        Starter.runner()
                .withBean(
                        "client", DynamoDbAsyncClient.class, dynamo::client, client -> client.setDestroyMethodName(""))
                .withPropertyValues(
                        PREFIX + "enabled=true",
                        PREFIX + "table-name=" + table,
                        PREFIX + "id=ours",
                        PREFIX + "lock-ttl=9s",
                        PREFIX + "clockSkew=PT3S",
                        PREFIX + "poll-interval=200ms",
                        PREFIX + "takeover=observe")
                .run(application -> {
                    DynaStoreClusterService service = application.getBean(DynaStoreClusterService.class);
                    assertThat(service.getTableName()).isEqualTo(table);
                    assertThat(service.getId()).isEqualTo("ours");
                    assertThat(service.getLockTtl()).isEqualTo(Duration.ofSeconds(9));
                    assertThat(service.getClockSkew()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(service.getPollInterval()).isEqualTo(Duration.ofMillis(200));
                    assertThat(service.getTakeover()).isEqualTo(Takeover.OBSERVE);
                });
    }

    @Test
    void unknownPropertyStopsTheStart() {
        Starter.runner()
                .withPropertyValues(PREFIX + "enabled=true", PREFIX + "tabel-name=" + table)
                .run(application -> assertThat(application.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(UnboundConfigurationPropertiesException.class)
                        .hasMessageContaining(PREFIX + "tabel-name"));
    }

    @Test
    void masterRouteRunsAndReleasesItsLeadAtTheEnd() {
        Starter.runner()
                .withBean(
                        "client", DynamoDbAsyncClient.class, dynamo::client, client -> client.setDestroyMethodName(""))
                .withBean(RouteBuilder.class, ClusterPropertiesTest::masterRoute)
                .withPropertyValues(PREFIX + "enabled=true", PREFIX + "table-name=" + table)
                .run(application -> {
                    assertThat(application.getBean(ProducerTemplate.class).requestBody("seda:work", (Object)
                                    "anything"))
                            .isEqualTo("done");
                    assertThat(dynamo.rawScan(table))
                            .as("members and leader")
                            .hasSize(2)
                            .allMatch(ClusterPropertiesTest::held);
                });

        assertThat(dynamo.rawScan(table)).noneMatch(ClusterPropertiesTest::held);
    }

    private static boolean held(Map<String, AttributeValue> lock) {
        return lock.containsKey("_dsholder");
    }

    private static RouteBuilder masterRoute() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("master:tickets:seda:work").setBody(constant("done"));
            }
        };
    }
}
