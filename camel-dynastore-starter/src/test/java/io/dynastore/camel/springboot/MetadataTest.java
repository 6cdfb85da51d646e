/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynastore.camel.DynaStoreConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.ClassUtils;

/**
 * The metadata of the properties, which editors show, contains what Camel's catalog says of the options. After a
 * change, {@code mvn test -Dtest=MetadataTest -Ddynastore.docs.write=true} writes the metadata again.
 */
class MetadataTest {

    private static final Path METADATA = Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final JsonNode component = catalog("META-INF/io/dynastore/camel/dynastore.json");
    private final JsonNode cluster = bean("DynaStoreClusterService");
    private final JsonNode idempotent = bean("DynaStoreIdempotentRepository");
    private final JsonNode aggregation = bean("DynaStoreAggregationRepository");
    private final JsonNode state = bean("DynaStoreStateRepository");
    private final JsonNode resume = bean("DynaStoreResumeStrategy");

    @Test
    void metadataMatchesTheCatalog() throws IOException {
        String metadata = JSON.writeValueAsString(metadata()) + "\n";
        if (Boolean.getBoolean("dynastore.docs.write")) {
            Files.writeString(METADATA, metadata);
        } else {
            assertThat(Files.readString(METADATA)).isEqualTo(metadata);
        }
    }

    @Test
    void everyPropertyOfTheComponentIsUnderstood() {
        assertThat(component.get("componentProperties").properties())
                .hasSizeGreaterThan(70)
                .allSatisfy(option -> {
                    MockEnvironment environment = new MockEnvironment()
                            .withProperty(ComponentOptions.PREFIX + "." + kebab(option.getKey()), "x");
                    assertThat(ComponentOptions.read(environment).values()).isEqualTo(Map.of(option.getKey(), "x"));
                });
    }

    @Test
    void everyLongNumberIsADuration() {
        assertThat(component.get("componentProperties"))
                .filteredOn(option -> option.get("javaType").textValue().equals("long"))
                .isNotEmpty()
                .allMatch(MetadataTest::duration);
    }

    @Test
    void everyTypeIsThere() throws IOException {
        JsonNode properties = JSON.readTree(METADATA.toFile()).get("properties");

        assertThat(properties).isNotEmpty().allSatisfy(property -> assertThat(ClassUtils.isPresent(
                        property.get("type").textValue(), DynaStoreConfiguration.class.getClassLoader()))
                .as(property.toString())
                .isTrue());
    }

    private ObjectNode metadata() {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode groups = root.putArray("groups");
        Stream.of(
                        ComponentOptions.PREFIX,
                        DynaStoreClusterAutoConfiguration.PREFIX,
                        DynaStoreStateAutoConfiguration.IDEMPOTENT,
                        DynaStoreStateAutoConfiguration.AGGREGATION,
                        DynaStoreStateAutoConfiguration.STATE,
                        DynaStoreStateAutoConfiguration.RESUME)
                .forEach(name -> groups.addObject().put("name", name));
        ArrayNode properties = root.putArray("properties");
        enabled(properties, ComponentOptions.PREFIX, "Whether these properties are set on the component.", true);
        component
                .get("componentProperties")
                .properties()
                .forEach(option -> property(properties, ComponentOptions.PREFIX, option.getKey(), option.getValue()));
        enabled(properties, DynaStoreClusterAutoConfiguration.PREFIX, "Whether there is a cluster service.", false);
        properties(properties, DynaStoreClusterAutoConfiguration.PREFIX, cluster);
        enabled(
                properties,
                DynaStoreStateAutoConfiguration.IDEMPOTENT,
                "Whether there is an idempotent repository.",
                false);
        properties(properties, DynaStoreStateAutoConfiguration.IDEMPOTENT, idempotent);
        enabled(
                properties,
                DynaStoreStateAutoConfiguration.AGGREGATION,
                "Whether there is an aggregation repository.",
                false);
        properties(properties, DynaStoreStateAutoConfiguration.AGGREGATION, aggregation);
        enabled(properties, DynaStoreStateAutoConfiguration.STATE, "Whether there is a state repository.", false);
        properties(properties, DynaStoreStateAutoConfiguration.STATE, state);
        enabled(properties, DynaStoreStateAutoConfiguration.RESUME, "Whether there is a resume strategy.", false);
        properties(properties, DynaStoreStateAutoConfiguration.RESUME, resume);
        return root;
    }

    private static void properties(ArrayNode properties, String prefix, JsonNode bean) {
        bean.at("/bean/properties").properties().stream()
                .filter(option -> !option.getKey().equals("dynamoDbAsyncClient"))
                .forEach(option -> property(properties, prefix, option.getKey(), option.getValue()));
    }

    private static void enabled(ArrayNode properties, String prefix, String description, boolean value) {
        properties
                .addObject()
                .put("name", prefix + ".enabled")
                .put("type", "java.lang.Boolean")
                .put("description", description)
                .put("defaultValue", value);
    }

    private static void property(ArrayNode properties, String prefix, String name, JsonNode option) {
        ObjectNode property = properties
                .addObject()
                .put("name", prefix + "." + kebab(name))
                .put("type", type(option))
                .put("description", sentence(option.get("description").textValue()));
        JsonNode value = option.path("defaultValue");
        if (duration(option) && value.asText().matches("\\d+")) {
            property.put("defaultValue", value.asText() + "ms");
        } else if (!value.isMissingNode()) {
            property.set("defaultValue", value);
        }
    }

    private static String type(JsonNode option) {
        if (duration(option)) {
            return "java.time.Duration";
        }
        return ClassUtils.resolvePrimitiveIfNecessary(
                        resolve(option.get("javaType").textValue().replaceAll("<.*", "")))
                .getName();
    }

    private static Class<?> resolve(String type) {
        return ClassUtils.resolveClassName(type, DynaStoreConfiguration.class.getClassLoader());
    }

    private static boolean duration(JsonNode option) {
        return option.get("type").textValue().equals("duration");
    }

    private static String sentence(String description) {
        return description.endsWith(".") ? description : description + ".";
    }

    private static String kebab(String name) {
        return StringHelper.camelCaseToDash(name);
    }

    private static JsonNode bean(String name) {
        return catalog("META-INF/services/org/apache/camel/bean/" + name + ".json");
    }

    private static JsonNode catalog(String resource) {
        try (InputStream json = DynaStoreConfiguration.class.getClassLoader().getResourceAsStream(resource)) {
            return JSON.readTree(Objects.requireNonNull(json));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
