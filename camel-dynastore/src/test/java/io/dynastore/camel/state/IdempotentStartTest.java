/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.LogFile;
import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The start and the stop of an idempotent repository, and its place in a table that others use too. */
class IdempotentStartTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration LEASE = IdempotentNode.LEASE;

    private final SettableClock clock = StateTests.clock();
    private final List<IdempotentNode> nodes = new ArrayList<>();
    private String table = dynamo.table("idempotent");

    @AfterEach
    void stop() {
        nodes.forEach(IdempotentNode::close);
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
        table = dynamo.freshName("idempotent");

        IdempotentRepository repository = started(created -> created.setAutoCreateTable(true));

        assertThat(repository.add("a")).isTrue();
        assertThat(dynamo.rawScan(table)).hasSize(2);
    }

    @Test
    void tableWithoutSortKeyIsRefused() {
        table = dynamo.table("idempotent", TableSpec.partitionKey("id", ScalarAttributeType.S));
        IdempotentNode node = node();
        node.repository.setSortKeyName("none");

        assertThatThrownBy(node::started)
                .isInstanceOf(InvalidInputException.class)
                .hasStackTraceContaining(
                        "Table " + table + ": a repository needs a table with text keys and a sort key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b"})
    void nameIsNeededAndHasNoSlash(String name) {
        assertThatThrownBy(() -> started(repository -> repository.setName(name)))
                .hasStackTraceContaining("a repository needs a name");
    }

    @Test
    void otherNumberOfShardsIsRefused() throws Exception {
        started(repository -> {});

        assertThatThrownBy(() -> started(repository -> repository.setShards(8)))
                .hasStackTraceContaining("Table " + table
                        + ": the idempotent repository orders has 16 shards, not 8. Set shards=16, or another name.");
    }

    @Test
    void keysAreSpreadOverTheShards() throws Exception {
        IdempotentRepository repository = started(created -> created.setShards(4));
        for (int i = 0; i < 100; i++) {
            repository.add("key-" + i);
        }

        Set<String> partitions = dynamo.rawScan(table).stream()
                .map(item -> Objects.requireNonNull(item.get("id")).s())
                .collect(Collectors.toSet());

        assertThat(partitions)
                .containsExactlyInAnyOrder(
                        "_ds/idempotent/orders",
                        "_ds/idempotent/orders/0",
                        "_ds/idempotent/orders/1",
                        "_ds/idempotent/orders/2",
                        "_ds/idempotent/orders/3");
    }

    @Test
    void attributeNamesAndKeysAreThoseOfTheTable() throws Exception {
        table = dynamo.table(
                "idempotent",
                TableSpec.partitionKey("pk", ScalarAttributeType.S).sortKey("sk", ScalarAttributeType.S));
        IdempotentNode node = node();
        node.context
                .getComponent("dynastore", DynaStoreComponent.class)
                .getConfiguration()
                .setPartitionKeyName("pk");
        node.repository.setSortKeyName("sk");
        node.repository.setExpiresName("gone");
        node.repository.setTtl(Duration.ofHours(1));
        node.started();

        node.repository.add("a");
        node.repository.clear();
        assertThat(node.repository.add("a")).isTrue();

        assertThat(dynamo.rawScan(table)).anySatisfy(item -> assertThat(item).containsKeys("pk", "sk", "gone"));
    }

    @Test
    void repositoriesOfOneTableShareNothingButTheTable() throws Exception {
        IdempotentRepository orders = started(repository -> {});
        IdempotentRepository receipts = started(repository -> repository.setName("receipts"));
        orders.add("a");
        assertThat(receipts.add("a")).isTrue();

        orders.clear();

        assertThat(orders.contains("a")).isFalse();
        assertThat(receipts.contains("a")).isTrue();
    }

    @Test
    void errorOfARenewalEndsNoOtherRenewal() throws Exception {
        AtomicInteger errors = new AtomicInteger(1);
        IdempotentNode node = node();
        node.repository.setInFlightTtl(Duration.ofSeconds(6));
        node.repository.setTime(clock, () -> {
            if (!Thread.currentThread().getName().contains("DynaStoreIdempotent")) {
                return 0;
            }
            if (errors.getAndDecrement() > 0) {
                throw new LinkageError("on purpose");
            }
            return Duration.ofSeconds(10).toNanos();
        });
        node.started();
        Exchange running = node.exchange();
        node.repository.add(running, "a");
        node.requests();

        StateTests.await().atMost(Duration.ofMinutes(1)).until(() -> node.requests()
                .contains("UpdateItem"));

        assertThat(errors).hasNegativeValue();
        assertThat(node.repository.confirm(running, "a")).isTrue();
    }

    @Test
    void clientOfTheComponentClearsToo() throws Exception {
        IdempotentNode node = node();
        node.repository.setDynamoDbAsyncClient(null);
        DynaStoreConfiguration options =
                node.context.getComponent("dynastore", DynaStoreComponent.class).getConfiguration();
        options.setRegion("eu-central-1");
        options.setAccessKey("test");
        options.setSecretKey("test");
        options.setOverrideEndpoint(true);
        options.setUriEndpointOverride(dynamo.endpoint().toString());
        node.started();
        node.repository.add("a");

        node.repository.clear();

        assertThat(node.repository.contains("a")).isFalse();
    }

    @Test
    void listOfTheWholeTableLeavesItOut() throws Exception {
        DynaStore store =
                DynaStore.builder(dynamo.client(), TableSchema.named(table)).build();
        store.execute(Call.create(Key.of("customer", "1"), "hello").build()).join();
        started(repository -> {}).add("a");

        assertThat(store.execute(Call.listAll(new Segment(0, 1)).build()).join().items())
                .hasSize(1);
    }

    @Test
    void clearReadsPageByPage() throws Exception {
        IdempotentNode node = node();
        node.repository.setShards(1);
        node.started();
        for (int i = 0; i < 1_100; i++) {
            node.repository.add("key-" + i);
        }
        node.requests();

        node.repository.clear();

        assertThat(node.requests()).filteredOn("Query"::equals).hasSize(3);
        assertThat(dynamo.rawScan(table)).hasSize(1);
    }

    @Test
    void itWorksOnWhenARouteThatUsesItStops() throws Exception {
        IdempotentNode node = node();
        node.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String name : List.of("one", "two")) {
                    from("direct:" + name)
                            .routeId(name)
                            .idempotentConsumer(body())
                            .idempotentRepository(node.repository)
                            .to("mock:" + name);
                }
            }
        });
        node.started();
        Exchange running = node.exchange();
        node.repository.add(running, "running");

        node.context.getRouteController().stopRoute("one");
        assertThat(ServiceHelper.isStopped(node.repository)).isTrue();
        node.requests();
        clock.advance(LEASE.dividedBy(2));
        node.repository.renewDue();
        StateTests.await().until(() -> node.requests().contains("UpdateItem"));
        assertThat(node.repository.add("a")).isTrue();
        node.context.removeRoute("one");
        assertThat(node.repository.add("a")).isFalse();
        node.repository.start();

        assertThat(node.repository.getInFlightCount()).isEqualTo(1);
        assertThat(node.repository.confirm(running, "running")).isTrue();
    }

    @Test
    void itStartsAgainWithItsContextAndClosesNoClientOfTheApplication() throws Exception {
        IdempotentNode node = node();
        node.started();
        node.repository.add("a");

        node.context.stop();
        node.context.start();
        node.repository.start();

        assertThat(node.repository.add("a")).isFalse();
        assertThat(node.repository.add("b")).isTrue();
    }

    @Test
    void useBeforeTheStartIsRefused() {
        assertThatThrownBy(() -> new DynaStoreIdempotentRepository().add("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not started");
    }

    @Test
    void clientOfTheComponentIsUsedUnlessThereIsAnother() throws Exception {
        IdempotentNode node = node();
        DynaStoreComponent component = node.context.getComponent("dynastore", DynaStoreComponent.class);
        component.getConfiguration().setDynamoDbAsyncClient(dynamo.client());
        node.repository.setDynamoDbAsyncClient(null);
        node.started();

        assertThat(node.repository.add("a")).isTrue();
        assertThat(node.requests()).isEmpty();
    }

    private IdempotentRepository started(Consumer<DynaStoreIdempotentRepository> settings) throws Exception {
        IdempotentNode node = node();
        settings.accept(node.repository);
        return node.started().repository;
    }

    private IdempotentNode node() {
        IdempotentNode node = new IdempotentNode(dynamo, table, clock);
        nodes.add(node);
        return node;
    }
}
