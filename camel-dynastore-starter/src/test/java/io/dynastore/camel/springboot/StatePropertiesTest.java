/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.state.Compression;
import io.dynastore.camel.state.DynaStoreAggregationRepository;
import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import io.dynastore.camel.state.DynaStoreResumeStrategy;
import io.dynastore.camel.state.DynaStoreStateRepository;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.resume.ResumeStrategy;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.resume.Resumables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The repositories that {@code camel.dynastore.*} makes. */
class StatePropertiesTest {

    private static final String IDEMPOTENT = "camel.dynastore.idempotent.";
    private static final String AGGREGATION = "camel.dynastore.aggregation.";
    private static final String STATE = "camel.dynastore.state.";
    private static final String RESUME = "camel.dynastore.resume.";

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table =
            dynamo.table("state", TableSpec.partitionKey("id", S).sortKey("name", S));

    @Test
    void repositoriesExistOnlyIfEnabled() {
        runner().withPropertyValues(IDEMPOTENT + "table-name=" + table, STATE + "table-name=" + table)
                .run(application -> assertThat(application)
                        .doesNotHaveBean(IdempotentRepository.class)
                        .doesNotHaveBean(ResumeStrategy.class)
                        .doesNotHaveBean(StateRepository.class));
    }

    @Test
    void idempotentRepositoryIsMadeFromPropertiesAndUsedByARoute() {
        runner().withBean(RouteBuilder.class, StatePropertiesTest::idempotentRoute)
                .withPropertyValues(
                        IDEMPOTENT + "enabled=true",
                        IDEMPOTENT + "table-name=" + table,
                        IDEMPOTENT + "name=orders",
                        IDEMPOTENT + "in-flight-ttl=9m",
                        IDEMPOTENT + "ttl=PT3H",
                        IDEMPOTENT + "clock-skew=500ms",
                        IDEMPOTENT + "shards=2",
                        IDEMPOTENT + "in-flight-without-exchange=true",
                        IDEMPOTENT + "store-result=true")
                .run(application -> {
                    DynaStoreIdempotentRepository repository = application.getBean(DynaStoreIdempotentRepository.class);
                    assertThat(repository.getInFlightTtl()).isEqualTo(Duration.ofMinutes(9));
                    assertThat(repository.getTtl()).isEqualTo(Duration.ofHours(3));
                    assertThat(repository.getClockSkew()).isEqualTo(Duration.ofMillis(500));
                    assertThat(repository.getShards()).isEqualTo(2);
                    assertThat(repository.isInFlightWithoutExchange()).isTrue();
                    assertThat(repository.isStoreResult()).isTrue();

                    ProducerTemplate template = application.getBean(ProducerTemplate.class);
                    assertThat(template.requestBody("direct:orders", (Object) "a"))
                            .isEqualTo("done");
                    assertThat(template.requestBody("direct:orders", (Object) "a"))
                            .isEqualTo("a");
                });
    }

    @Test
    void aggregationRepositoryIsMadeFromPropertiesAndUsedByARoute() {
        runner().withBean(RouteBuilder.class, StatePropertiesTest::aggregationRoute)
                .withPropertyValues(
                        AGGREGATION + "enabled=true",
                        AGGREGATION + "table-name=" + table,
                        AGGREGATION + "name=orders",
                        AGGREGATION + "in-flight-ttl=2m",
                        AGGREGATION + "recovery-interval=700",
                        AGGREGATION + "maximum-redeliveries=4",
                        AGGREGATION + "dead-letter-uri=seda:dead",
                        AGGREGATION + "compression=always",
                        AGGREGATION + "allowed-classes=com.acme.*",
                        AGGREGATION + "adopt-timeouts=true",
                        AGGREGATION + "adopt-interval=30s",
                        AGGREGATION + "shards=2")
                .run(application -> {
                    DynaStoreAggregationRepository repository =
                            application.getBean(DynaStoreAggregationRepository.class);
                    assertThat(repository.getInFlightTtl()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(repository.getRecoveryInterval()).isEqualTo(700);
                    assertThat(repository.getMaximumRedeliveries()).isEqualTo(4);
                    assertThat(repository.getDeadLetterUri()).isEqualTo("seda:dead");
                    assertThat(repository.getCompression()).isEqualTo(Compression.ALWAYS);
                    assertThat(repository.getAllowedClasses()).isEqualTo("com.acme.*");
                    assertThat(repository.getAdoptInterval()).isEqualTo(Duration.ofSeconds(30));

                    application.getBean(ProducerTemplate.class).sendBody("direct:lines", "a");
                    assertThat(repository.getKeys()).containsExactly("1");
                });
    }

    @Test
    void stateRepositoryIsMadeFromProperties() {
        runner().withPropertyValues(
                        STATE + "enabled=true",
                        STATE + "table-name=" + table,
                        STATE + "name=offsets",
                        STATE + "conditional=true",
                        STATE + "ttl=1h")
                .run(application -> {
                    DynaStoreStateRepository repository = application.getBean(DynaStoreStateRepository.class);
                    assertThat(repository.isConditional()).isTrue();
                    assertThat(repository.getTtl()).isEqualTo(Duration.ofHours(1));

                    application.getBean(CamelContext.class).addService(repository);
                    repository.setState("a", "1");
                    assertThat(repository.getState("a")).isEqualTo("1");
                });
    }

    @Test
    void resumeStrategyIsMadeFromPropertiesAndKeepsAPosition() {
        runner().withPropertyValues(
                        RESUME + "enabled=true",
                        RESUME + "table-name=" + table,
                        RESUME + "name=imports",
                        RESUME + "ttl=30d")
                .run(application -> {
                    DynaStoreResumeStrategy strategy = application.getBean(DynaStoreResumeStrategy.class);
                    assertThat(strategy.getTtl()).isEqualTo(Duration.ofDays(30));

                    application.getBean(CamelContext.class).addService(strategy);
                    strategy.updateLastOffset(Resumables.of("a", 7L));
                    assertThat(dynamo.rawScan(table))
                            .extracting(item ->
                                    Objects.requireNonNull(item.get("id")).s())
                            .contains("_ds/resume/imports");
                });
    }

    @Test
    void unknownPropertyStopsTheStart() {
        runner().withPropertyValues(IDEMPOTENT + "enabled=true", IDEMPOTENT + "tabel-name=" + table)
                .run(application -> assertThat(application.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(UnboundConfigurationPropertiesException.class)
                        .hasMessageContaining(IDEMPOTENT + "tabel-name"));
    }

    private static ApplicationContextRunner runner() {
        return Starter.runner()
                .withBean(
                        "client", DynamoDbAsyncClient.class, dynamo::client, client -> client.setDestroyMethodName(""));
    }

    private static RouteBuilder aggregationRoute() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:lines")
                        .aggregate(constant("1"))
                        .aggregationStrategy((old, added) -> old == null ? added : old)
                        .aggregationRepository("dynastore-aggregation-repository")
                        .optimisticLocking()
                        .completionSize(2)
                        .log("done");
            }
        };
    }

    private static RouteBuilder idempotentRoute() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:orders")
                        .idempotentConsumer(body())
                        .idempotentRepository("dynastore-idempotent-repository")
                        .setBody(constant("done"));
            }
        };
    }
}
