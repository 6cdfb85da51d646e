/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whole applications, started as by their {@code main}. */
@ExtendWith(OutputCaptureExtension.class)
class StartTest {

    private static final String PREFIX = "--camel.component.dynastore.";

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        RouteBuilder routes() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:tickets")
                            .to("dynastore:{{tickets}}?operation=create&partitionKey=customer&sortKey=1")
                            .setBody(constant("changed"))
                            .to("dynastore:{{tickets}}?operation=update&partitionKey=customer&sortKey=1")
                            .to("dynastore:{{tickets}}?operation=get&partitionKey=customer&sortKey=1");
                }
            };
        }
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        SpringApplication application = new SpringApplicationBuilder(Application.class)
                .properties("spring.main.banner-mode=off", "camel.main.main-run-controller=false")
                .build();
        return application.run(Stream.concat(
                        Stream.of(
                                PREFIX + "override-endpoint=true",
                                PREFIX + "uri-endpoint-override=" + dynamo.endpoint(),
                                PREFIX + "region=eu-central-1",
                                PREFIX + "access-key=any",
                                PREFIX + "secret-key=any"),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    @Test
    void routesReachTheEngineThatThePropertiesName() {
        String table = dynamo.table("tickets", TableSpec.partitionKey("id", S).sortKey("name", S));
        try (ConfigurableApplicationContext application = start("--tickets=" + table)) {
            Object body = application.getBean(ProducerTemplate.class).requestBody("direct:tickets", (Object) "first");

            assertThat(body).isEqualTo("changed");
        }
        assertThat(dynamo.rawScan(table))
                .singleElement(InstanceOfAssertFactories.map(String.class, AttributeValue.class))
                .containsEntry("version", AttributeValue.fromN("2"));
    }

    @Test
    void unknownOptionIsReportedLikeSpringsOwn(CapturedOutput output) {
        assertThatThrownBy(() -> start("--tickets=any", PREFIX + "regoin=eu-west-3"));

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("There is no option camel.component.dynastore.regoin.")
                .contains("did you mean region?")
                .doesNotContain("\tat ");
    }

    @Test
    void valueThatDoesNotFitIsReportedLikeSpringsOwn(CapturedOutput output) {
        assertThatThrownBy(() -> start("--tickets=any", PREFIX + "lock-ttl=soon"));

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The option camel.component.dynastore.lock-ttl can't be set to 'soon'.")
                .contains("Give it a value of type Duration")
                .doesNotContain("\tat ");
    }
}
