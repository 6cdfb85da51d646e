/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.store.KeyType;
import io.dynastore.store.PayloadFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The effect of {@code camel.component.dynastore.*} on the component. */
class ComponentPropertiesTest {

    private static final String PREFIX = "camel.component.dynastore.";

    private static void component(String property, Consumer<DynaStoreComponent> then) {
        component(Starter.runner().withPropertyValues(property), then);
    }

    private static void component(ApplicationContextRunner runner, Consumer<DynaStoreComponent> then) {
        runner.run(application -> then.accept(Starter.component(application)));
    }

    private static DynamoDbAsyncClient client() {
        return DynamoDbAsyncClient.builder().region(Region.EU_CENTRAL_1).build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uri-endpoint-override",
                "uriEndpointOverride",
                "uri_endpoint_override",
                "configuration.uri-endpoint-override",
                "configuration.uriEndpointOverride"
            })
    void nameBindsInEachSpellingThatSpringKnows(String name) {
        component(PREFIX + name + "=http://localhost:8000", component -> assertThat(
                        component.getConfiguration().getUriEndpointOverride())
                .isEqualTo("http://localhost:8000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CAMEL_COMPONENT_DYNASTORE_PARTITIONKEYNAME",
                "CAMEL_COMPONENT_DYNASTORE_PARTITION_KEY_NAME",
                "CAMEL_COMPONENT_DYNASTORE_CONFIGURATION_PARTITIONKEYNAME"
            })
    void environmentVariableBinds(String name) {
        ApplicationContextRunner runner = Starter.runner().withInitializer(application -> application
                .getEnvironment()
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, "pk"))));

        component(runner, component -> assertThat(component.getConfiguration().getPartitionKeyName())
                .isEqualTo("pk"));
    }

    @ParameterizedTest
    @CsvSource({"3s,3000", "PT3S,3000", "3000,3000", "250ms,250", "1m,60000"})
    void durationMayHaveAUnit(String value, long milliseconds) {
        component(PREFIX + "connection-timeout=" + value, component -> assertThat(
                        component.getConfiguration().getConnectionTimeout())
                .isEqualTo(milliseconds));
    }

    @Test
    void valuesAreConvertedToTheirTypes() {
        component(
                Starter.runner()
                        .withPropertyValues(
                                PREFIX + "sort-key-type=number",
                                PREFIX + "payload-format=json",
                                PREFIX + "max-connections=7",
                                PREFIX + "override-endpoint=true",
                                PREFIX + "payload-type=java.time.Instant"),
                component -> {
                    DynaStoreConfiguration options = component.getConfiguration();
                    assertThat(options.getSortKeyType()).isEqualTo(KeyType.NUMBER);
                    assertThat(options.getPayloadFormat()).isEqualTo(PayloadFormat.JSON);
                    assertThat(options.getMaxConnections()).isEqualTo(7);
                    assertThat(options.isOverrideEndpoint()).isTrue();
                    assertThat(options.getPayloadType()).isEqualTo(java.time.Instant.class);
                });
    }

    @Test
    void flagsOfTheComponentItselfAreOptionsToo() {
        component(
                Starter.runner()
                        .withPropertyValues(
                                PREFIX + "health-check-producer-enabled=false",
                                PREFIX + "health-check-consumer-enabled=false",
                                PREFIX + "lazy-start-producer=true"),
                component -> {
                    assertThat(component.isHealthCheckProducerEnabled()).isFalse();
                    assertThat(component.isHealthCheckConsumerEnabled()).isFalse();
                    assertThat(component.isLazyStartProducer()).isTrue();
                });
    }

    @Test
    void placeholdersOfSpringAndOfCamelAreResolved() {
        component(
                Starter.runner()
                        .withPropertyValues(
                                "our.region=eu-west-3",
                                PREFIX + "region=${our.region}",
                                PREFIX + "sort-key-prefix={{our.region}}"),
                component -> {
                    assertThat(component.getConfiguration().getRegion()).isEqualTo("eu-west-3");
                    assertThat(component.getConfiguration().getSortKeyPrefix()).isEqualTo("eu-west-3");
                });
    }

    @Test
    void directNameWinsOverNestedOneAndBothOverConfigurationBean() {
        DynaStoreConfiguration ours = new DynaStoreConfiguration();
        ours.setRegion("eu-north-1");
        ours.setVersionName("v");
        ours.setExpiresName("e");
        component(
                Starter.runner()
                        .withBean("ours", DynaStoreConfiguration.class, () -> ours)
                        .withPropertyValues(
                                PREFIX + "region=eu-west-3",
                                PREFIX + "version-name=version-direct",
                                PREFIX + "configuration.region=eu-west-2",
                                PREFIX + "configuration=#bean:ours"),
                component -> {
                    assertThat(component.getConfiguration()).isSameAs(ours);
                    assertThat(ours.getRegion()).isEqualTo("eu-west-3");
                    assertThat(ours.getVersionName()).isEqualTo("version-direct");
                    assertThat(ours.getExpiresName()).isEqualTo("e");
                });
    }

    @Test
    void onlyClientAmongTheBeansIsUsed() {
        component(
                Starter.runner().withBean(DynamoDbAsyncClient.class, ComponentPropertiesTest::client),
                component -> assertThat(component.getConfiguration().getDynamoDbAsyncClient())
                        .isSameAs(component.getCamelContext().getRegistry().findSingleByType(DynamoDbAsyncClient.class))
                        .isNotNull());
    }

    @Test
    void clientBeanIsFoundByItsName() {
        component(
                Starter.runner()
                        .withBean("one", DynamoDbAsyncClient.class, ComponentPropertiesTest::client)
                        .withBean("other", DynamoDbAsyncClient.class, ComponentPropertiesTest::client)
                        .withPropertyValues(PREFIX + "dynamo-db-async-client=#bean:other"),
                component -> assertThat(component.getConfiguration().getDynamoDbAsyncClient())
                        .isSameAs(component.getCamelContext().getRegistry().lookupByName("other"))
                        .isNotNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PREFIX + "enabled=false",
                "camel.component.enabled=false",
                PREFIX + "customizer.enabled=false",
                "camel.component.customizer.enabled=false"
            })
    void disabledItLeavesTheComponentUnchanged(String property) {
        component(Starter.runner().withPropertyValues(property, PREFIX + "region=eu-west-3"), component -> assertThat(
                        component.getConfiguration().getRegion())
                .isNull());
    }

    @ParameterizedTest
    @CsvSource({
        "regoin,region",
        "secret-kye,secret-key",
        "configuration.regoin,region",
        "health-check-producer-enable,health-check-producer-enabled",
        "uri-endpoint-overide,uri-endpoint-override"
    })
    void unknownOptionStopsTheStartEvenIfNoRouteUsesTheComponent(String name, String meant) {
        Starter.runner().withPropertyValues(PREFIX + name + "=hidden").run(application -> assertThat(
                        application.getStartupFailure())
                .rootCause()
                .isInstanceOfSatisfying(OptionException.class, failure -> {
                    assertThat(failure).hasMessage("There is no option " + PREFIX + name + ".");
                    assertThat(failure.action()).endsWith("did you mean " + meant + "?");
                })
                .hasMessageNotContaining("hidden"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"configuration.table-name", "configuration.lazy-start-producer", "camel-context"})
    void propertyThatIsNoOptionOfTheComponentIsUnknown(String name) {
        Starter.runner().withPropertyValues(PREFIX + name + "=true").run(application -> assertThat(
                        application.getStartupFailure())
                .rootCause()
                .hasMessage("There is no option " + PREFIX + name + "."));
    }

    @ParameterizedTest
    @CsvSource({
        "lock-ttl,soon,Duration",
        "max-connections,many,int",
        "sort-key-type,date,KeyType",
        "dynamo-db-async-client,#bean:none,DynamoDbAsyncClient"
    })
    void valueThatDoesNotFitIsReportedWithItsOption(String name, String value, String type) {
        Starter.runner().withPropertyValues(PREFIX + name + "=" + value).run(application -> assertThatThrownBy(
                        () -> Starter.component(application))
                .hasRootCauseInstanceOf(Exception.class)
                .satisfies(failure -> assertThat(optionException(failure)).satisfies(wrong -> {
                    assertThat(wrong).hasMessage("The option " + PREFIX + name + " can't be set to '" + value + "'.");
                    assertThat(wrong.action()).contains(type);
                })));
    }

    private static OptionException optionException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OptionException found) {
                return found;
            }
        }
        throw new AssertionError("no OptionException", failure);
    }
}
