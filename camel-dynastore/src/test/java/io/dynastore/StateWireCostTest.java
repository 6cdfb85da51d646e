/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.state.DynaStoreAggregationRepository;
import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import io.dynastore.camel.state.DynaStoreStateRepository;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.CapacityMeter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The requests and capacity units of each step of a repository, as the engine counts them. */
class StateWireCostTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Path DOCUMENT = Path.of("../docs/state.md");

    private final String table = dynamo.table("costs");
    private final CapacityMeter meter = new CapacityMeter();
    private final DynamoDbAsyncClient client = dynamo.clientBuilder()
            .overrideConfiguration(override -> override.addExecutionInterceptor(meter))
            .build();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Map<String, CapacityMeter.Cost> costs = new LinkedHashMap<>();

    private interface Step {
        void run() throws Exception;
    }

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        client.close();
    }

    @Test
    void stepsOfAnIdempotentRepositoryCostWhatTheDocumentationSays() throws Exception {
        DynaStoreIdempotentRepository repository = new DynaStoreIdempotentRepository();
        repository.setTableName(table);
        repository.setName("orders");
        repository.setDynamoDbAsyncClient(client);
        Exchange first = message("1");
        Exchange duplicate = message("1");

        step("start", () -> context.addService(repository));
        step("add", () -> repository.add(first, "a"));
        step("add of a duplicate", () -> repository.add(duplicate, "a"));
        step("contains", () -> repository.contains("a"));
        step("confirm", () -> repository.confirm(first, "a"));
        step("remove", () -> repository.remove(first, "a"));
        step("confirm or remove by a duplicate", () -> repository.confirm(duplicate, "a"));

        assertThat(costs.get("add")).isEqualTo(new CapacityMeter.Cost("UpdateItem", 0, 1));
        assertThat(costs.get("confirm")).isEqualTo(new CapacityMeter.Cost("UpdateItem", 0, 1));
        section("idempotent");
    }

    @Test
    void stepsOfAnAggregationRepositoryCostWhatTheDocumentationSays() throws Exception {
        DynaStoreAggregationRepository repository = new DynaStoreAggregationRepository();
        repository.setTableName(table);
        repository.setName("lines");
        repository.setDynamoDbAsyncClient(client);
        Exchange[] completed = new Exchange[1];

        step("start", () -> context.addService(repository));
        step("first message of a group", () -> aggregate(repository, "1"));
        step("message that completes no group", () -> aggregate(repository, "2"));
        step("message that completes a group", () -> {
            Exchange group = Objects.requireNonNull(repository.get(context, "a"));
            repository.remove(context, "a", group);
            completed[0] = group;
        });
        step("scan, with 16 shards", () -> repository.scan(context));
        step(
                "confirm",
                () -> repository.confirm(
                        context, Objects.requireNonNull(completed[0]).getExchangeId()));

        assertThat(costs.get("message that completes no group"))
                .isEqualTo(new CapacityMeter.Cost("GetItem, PutItem", 1, 1));
        assertThat(Objects.requireNonNull(costs.get("message that completes a group"))
                        .requests())
                .isEqualTo("GetItem, TransactWriteItems");
        section("aggregation");
    }

    @Test
    void stepsOfAStateRepositoryCostWhatTheDocumentationSays() throws Exception {
        DynaStoreStateRepository repository = new DynaStoreStateRepository();
        repository.setTableName(table);
        repository.setName("offsets");
        repository.setDynamoDbAsyncClient(client);
        context.addService(repository);

        step("write", () -> repository.setState("a", "1"));
        step("read", () -> repository.getState("a"));
        step("removal", () -> repository.setState("a", null));

        section("state");
    }

    private void aggregate(DynaStoreAggregationRepository repository, String body) {
        Exchange old = repository.get(context, "a");
        Exchange group = old == null ? message(body) : old;
        repository.add(context, "a", old, group);
    }

    private Exchange message(String body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    private void step(String name, Step step) throws Exception {
        meter.clear();
        step.run();
        costs.put(name, meter.cost());
    }

    private void section(String name) throws Exception {
        StringBuilder text = new StringBuilder("| step | requests | read units | write units |\n")
                .append("| --- | --- | --- | --- |\n");
        costs.forEach((step, cost) -> text.append("| ")
                .append(step)
                .append(" | ")
                .append(cost.requests())
                .append(" | ")
                .append(CapacityMeter.shown(cost.read()))
                .append(" | ")
                .append(CapacityMeter.shown(cost.written()))
                .append(" |\n"));
        new GeneratedSection(DOCUMENT, "<!-- " + name + " costs -->\n", "<!-- end of " + name + " costs -->")
                .is(text.toString());
    }
}
