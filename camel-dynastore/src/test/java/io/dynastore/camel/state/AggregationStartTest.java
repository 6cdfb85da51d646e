/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.LogFile;
import io.dynastore.test.DynamoDbExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The start and the stop of an aggregation repository, and its place in a table that others use too. */
class AggregationStartTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final List<AggregationNode> nodes = new ArrayList<>();
    private String table = dynamo.table("aggregation");

    @AfterEach
    void stop() {
        nodes.forEach(AggregationNode::close);
    }

    @Test
    void missingTableFailsTheStartAndOneLineSaysWhatToDo(@TempDir Path folder) throws Exception {
        table = "no-such-table";
        try (LogFile log = LogFile.in(folder)) {
            assertThatThrownBy(() -> started(repository -> {})).isInstanceOf(ResourceNotFoundException.class);

            assertThat(Files.readAllLines(log.file()))
                    .filteredOn(line -> line.startsWith("WARN io.dynastore"))
                    .singleElement()
                    .asString()
                    .contains("Table no-such-table", "there is none. Create it, or set autoCreateTable=true");
        }
    }

    @Test
    void tableIsCreatedIfItIsToBe() throws Exception {
        table = dynamo.freshName("aggregation");

        AggregationNode node = started(created -> created.setAutoCreateTable(true));

        node.aggregate("a", "1");
        assertThat(node.body("a")).isEqualTo("1");
    }

    static Stream<Arguments> badSettings() {
        return Stream.of(
                bad(repository -> repository.setName("a/b"), "a repository needs a name"),
                bad(repository -> repository.setShards(0), "shards is 1 to 1000, not 0."),
                bad(repository -> repository.setTtl(Duration.ofMillis(10)), "ttl is at least a second"),
                bad(repository -> repository.setInFlightTtl(Duration.ZERO), "inFlightTtl must be positive"),
                bad(repository -> repository.setRecoveryInterval(0), "recoveryInterval must be positive, not 0."),
                bad(repository -> repository.setMaximumRedeliveries(3), "maximumRedeliveries and deadLetterUri go"),
                bad(repository -> repository.setDeadLetterUri("mock:dead"), "maximumRedeliveries and deadLetterUri go"),
                bad(repository -> repository.setAllowedClasses("*"), "allowedClasses has the entry '*'"),
                bad(repository -> repository.setAllowedClasses("com.acme.*, **"), "allowedClasses has the entry '**'"),
                bad(
                        repository -> {
                            repository.setAdoptTimeouts(true);
                            repository.setUseRecovery(false);
                        },
                        "adoptTimeouts needs useRecovery=true"));
    }

    private static Arguments bad(Consumer<DynaStoreAggregationRepository> settings, String message) {
        return Arguments.of(settings, message);
    }

    @ParameterizedTest
    @MethodSource("badSettings")
    void badSettingsAreRefusedBeforeARequest(Consumer<DynaStoreAggregationRepository> settings, String message) {
        AggregationNode node = node();
        settings.accept(node.repository);

        assertThatThrownBy(node::started).hasStackTraceContaining(message);

        assertThat(node.requests()).isEmpty();
    }

    @Test
    void otherNumberOfShardsIsRefused() throws Exception {
        started(repository -> {});

        assertThatThrownBy(() -> started(repository -> repository.setShards(8)))
                .hasStackTraceContaining("Table " + table
                        + ": the aggregation repository orders has 16 shards, not 8. Set shards=16, or another name.");
    }

    @Test
    void groupsAreSpreadOverTheShards() throws Exception {
        AggregationNode node = started(created -> created.setShards(4));
        for (int i = 0; i < 40; i++) {
            node.aggregate("key-" + i, "1");
        }

        Set<String> partitions = dynamo.rawScan(table).stream()
                .map(item -> Objects.requireNonNull(item.get("id")).s())
                .collect(Collectors.toSet());

        assertThat(partitions)
                .containsExactlyInAnyOrder(
                        "_ds/aggregation/orders",
                        "_ds/aggregation/orders/0",
                        "_ds/aggregation/orders/1",
                        "_ds/aggregation/orders/2",
                        "_ds/aggregation/orders/3");
    }

    @Test
    void itWorksOnAfterAStopAndStartsAgainWithItsContext() throws Exception {
        AggregationNode node = started(repository -> {});
        node.aggregate("a", "1");

        ServiceHelper.stopService(node.repository);
        node.aggregate("a", "2");
        node.repository.start();
        node.context.stop();
        node.context.start();
        node.repository.start();

        assertThat(node.body("a")).isEqualTo("1,2");
    }

    @Test
    void useBeforeTheStartIsRefused() {
        assertThatThrownBy(() -> new DynaStoreAggregationRepository().getKeys())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not started");
    }

    private AggregationNode started(Consumer<DynaStoreAggregationRepository> settings) throws Exception {
        AggregationNode node = node();
        settings.accept(node.repository);
        return node.started();
    }

    private AggregationNode node() {
        AggregationNode node = new AggregationNode(dynamo, table, StateTests.clock());
        nodes.add(node);
        return node;
    }
}
