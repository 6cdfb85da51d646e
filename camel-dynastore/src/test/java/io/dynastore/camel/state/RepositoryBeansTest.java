/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.resume.Resumables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of repository as a bean of properties, YAML and XML, with settings of each type. */
class RepositoryBeansTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Map<Class<?>, Map<String, String>> BEANS = beans();

    private final String table = dynamo.table("beans");
    private final Main camel = new Main();

    private static Map<Class<?>, Map<String, String>> beans() {
        Map<Class<?>, Map<String, String>> beans = new LinkedHashMap<>();
        beans.put(DynaStoreIdempotentRepository.class, Map.of("ttl", "30d", "shards", "2", "storeResult", "true"));
        beans.put(
                DynaStoreAggregationRepository.class,
                Map.of("inFlightTtl", "2m", "recoveryInterval", "7s", "compression", "ALWAYS", "shards", "2"));
        beans.put(DynaStoreStateRepository.class, Map.of("conditional", "true", "ttl", "1h"));
        beans.put(DynaStoreResumeStrategy.class, Map.of("ttl", "30d"));
        return beans;
    }

    @BeforeEach
    void leadToTheEngine() {
        dynamo.componentProperties().forEach(camel::addOverrideProperty);
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void propertiesMakeEachRepository() throws Exception {
        BEANS.forEach((type, settings) -> {
            String bean = "camel.beans." + type.getSimpleName();
            camel.addInitialProperty(bean, "#class:" + type.getName());
            all(settings).forEach((name, value) -> camel.addInitialProperty(bean + "." + name, value));
        });
        camel.start();

        assertEachWorks();
    }

    @Test
    void yamlMakesEachRepository(@TempDir Path folder) throws Exception {
        StringBuilder yaml = new StringBuilder("- beans:\n");
        BEANS.forEach((type, settings) -> {
            yaml.append("    - name: " + type.getSimpleName() + "\n      type: " + type.getName()
                    + "\n      properties:\n");
            all(settings).forEach((name, value) -> yaml.append("        " + name + ": " + value + "\n"));
        });
        routes(folder.resolve("beans.yaml"), yaml);

        assertEachWorks();
    }

    @Test
    void xmlMakesEachRepository(@TempDir Path folder) throws Exception {
        StringBuilder xml = new StringBuilder("<camel>\n");
        BEANS.forEach((type, settings) -> {
            xml.append("<bean name=\"" + type.getSimpleName() + "\" type=\"" + type.getName() + "\"><properties>\n");
            all(settings)
                    .forEach((name, value) -> xml.append("<property key=\"" + name + "\" value=\"" + value + "\"/>\n"));
            xml.append("</properties></bean>\n");
        });
        routes(folder.resolve("beans.xml"), xml.append("</camel>"));

        assertEachWorks();
    }

    private void routes(Path file, StringBuilder text) throws Exception {
        Files.writeString(file, text);
        camel.configure().setRoutesIncludePattern("file:" + file);
        camel.start();
    }

    private Map<String, String> all(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("tableName", table);
        all.put("name", "orders");
        return all;
    }

    private void assertEachWorks() throws Exception {
        DynaStoreIdempotentRepository idempotent = started(DynaStoreIdempotentRepository.class);
        assertThat(idempotent.getTtl()).isEqualTo(Duration.ofDays(30));
        assertThat(List.of(idempotent.add("a"), idempotent.add("a"))).containsExactly(true, false);
        DynaStoreAggregationRepository aggregation = started(DynaStoreAggregationRepository.class);
        assertThat(aggregation.getInFlightTtl()).isEqualTo(Duration.ofMinutes(2));
        assertThat(aggregation.getRecoveryInterval()).isEqualTo(7_000);
        assertThat(aggregation.getCompression()).isEqualTo(Compression.ALWAYS);
        assertThat(aggregation.getKeys()).isEmpty();
        DynaStoreStateRepository state = started(DynaStoreStateRepository.class);
        state.setState("a", "1");
        assertThat(state.getState("a")).isEqualTo("1");
        assertThat(state.isConditional()).isTrue();
        DynaStoreResumeStrategy resume = started(DynaStoreResumeStrategy.class);
        resume.updateLastOffset(Resumables.of("a", 7L));
        assertThat(dynamo.rawScan(table))
                .extracting(item -> Objects.requireNonNull(item.get("id")).s())
                .contains("_ds/resume/orders", "_ds/state/orders");
    }

    private <T> T started(Class<T> type) throws Exception {
        CamelContext context = camel.getCamelContext();
        Registry registry = context.getRegistry();
        T repository = Objects.requireNonNull(registry.findSingleByType(type));
        context.addService(repository);
        return repository;
    }
}
