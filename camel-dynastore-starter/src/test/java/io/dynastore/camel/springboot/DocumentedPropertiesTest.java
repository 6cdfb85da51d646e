/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.cluster.DynaStoreClusterService;
import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import io.dynastore.test.DynamoDbExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.ResourcePropertySource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The properties in docs/runtimes.md are those of the component and of its cluster service. */
class DocumentedPropertiesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static ApplicationContextRunner with(String file) {
        return Starter.runner().withInitializer(application -> {
            try {
                application.getEnvironment().getPropertySources().addFirst(new ResourcePropertySource(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void thoseOfTheComponentBind() {
        with("classpath:docs/component.properties").run(application -> {
            var configuration = Starter.component(application).getConfiguration();
            assertThat(configuration.getRegion()).isEqualTo("eu-central-1");
            assertThat(configuration.isAutoCreateTable()).isTrue();
            assertThat(configuration.getConnectionTimeout()).isEqualTo(1000);
        });
    }

    @Test
    void thoseOfTheClusterServiceBind() {
        with("classpath:docs/cluster.properties")
                .withBean(
                        "client", DynamoDbAsyncClient.class, dynamo::client, client -> client.setDestroyMethodName(""))
                .withPropertyValues("camel.cluster.dynastore.pollInterval=10s")
                .run(application -> {
                    DynaStoreClusterService service = application.getBean(DynaStoreClusterService.class);
                    assertThat(service.getTableName()).isEqualTo("tickets");
                    assertThat(service.getLockTtl()).isEqualTo(Duration.ofSeconds(20));
                });
    }

    @Test
    void thoseOfTheIdempotentRepositoryBind() {
        with("classpath:docs/state.properties").run(application -> {
            DynaStoreIdempotentRepository repository = application.getBean(DynaStoreIdempotentRepository.class);
            assertThat(repository.getTableName()).isEqualTo("tickets");
            assertThat(repository.getTtl()).isEqualTo(Duration.ofDays(30));
        });
    }
}
