/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.SettableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators see of repositories: in the developer console, the metrics and the health checks. */
class RepositoryMonitoringTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final SettableClock clock = StateTests.clock();
    private final String table = dynamo.table("idempotent");
    private final IdempotentNode node = new IdempotentNode(dynamo, table, clock);
    private final DynaStoreIdempotentRepository repository = node.repository;

    @BeforeEach
    void start() throws Exception {
        node.context.getRegistry().bind("meters", meters);
        node.context.setDevConsole(true);
        HealthCheckRegistry checks = Objects.requireNonNull(HealthCheckRegistry.get(node.context));
        HealthCheckRepository producers = (HealthCheckRepository) checks.resolveById("producers");
        producers.setEnabled(true);
        checks.register(producers);
        node.started();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void metersCountKeysAndEvents() {
        Exchange first = node.exchange();
        repository.add(first, "a");
        repository.add(node.exchange(), "a");
        assertThat(entries()).isEqualTo(1);

        clock.advance(IdempotentNode.LEASE.dividedBy(2));
        repository.renewDue();
        StateTests.await().until(() -> events("renewed") == 1);
        repository.confirm(node.exchange(), "a");
        repository.confirm(first, "a");

        assertThat(entries()).isZero();
        assertThat(events("added")).isEqualTo(1);
        assertThat(events("duplicate")).isEqualTo(1);
        assertThat(events("refused")).isEqualTo(1);
        assertThat(events("lost")).isZero();
    }

    @Test
    void twoBeansOfOneNameAreShownAsOne() throws Exception {
        DynaStoreIdempotentRepository second = new DynaStoreIdempotentRepository();
        second.setTableName(table);
        second.setName("orders");
        second.setDynamoDbAsyncClient(repository.getDynamoDbAsyncClient());
        node.context.addService(second);

        repository.add(node.exchange(), "a");
        second.add(node.exchange(), "b");

        assertThat(entries()).isEqualTo(2);
        assertThat(json().get("repositories")).hasSize(1);
        assertThat(json().at("/repositories/0/entries/inFlight").intValue()).isEqualTo(2);
        assertThat(checks()).hasSize(1);
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void groupsOfAnAggregationRepositoryAreShown() throws Exception {
        try (AggregationNode aggregation = new AggregationNode(dynamo, table, clock)) {
            aggregation.context.getRegistry().bind("meters", meters);
            aggregation.context.setDevConsole(true);
            aggregation.started();
            aggregation.aggregate("a", "1");
            Exchange stale = aggregation.get("a");
            Exchange running = aggregation.complete("a");
            assertThatThrownBy(() -> aggregation.repository.remove(aggregation.context, "a", stale))
                    .isInstanceOf(OptimisticLockingException.class);

            assertThat(withoutAge(json(aggregation.context)))
                    .isEqualTo(new ObjectMapper().readTree("""
                            {"kind": "aggregation", "name": "orders", "table": "%s",
                             "entries": {"inFlight": 1, "unconfirmed": 0},
                             "events": {"completed": 1, "conflict": 1, "recovered": 0, "exhausted": 0, "adopted": 0,
                                        "lost": 0, "unrecoverable": 0}}
                            """.formatted(table)));
            assertThat(meters.get("dynastore.repository.events")
                            .tags("table", table, "kind", "aggregation", "repository", "orders", "event", "completed")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);

            aggregation.repository.confirm(aggregation.context, running.getExchangeId());
            assertThat(meters.get("dynastore.repository.entries")
                            .tags("table", table, "kind", "aggregation", "repository", "orders", "state", "inFlight")
                            .gauge()
                            .value())
                    .isZero();
        }
    }

    @Test
    void metersAndChecksEndWithTheComponent() {
        node.context.getComponent("dynastore").stop();

        assertThat(meters.getMeters()).isEmpty();
        assertThat(checks()).isEmpty();
    }

    @Test
    void consoleShowsKeysAndEvents() throws Exception {
        repository.add(node.exchange(), "a");

        assertThat(withoutAge(json())).isEqualTo(new ObjectMapper().readTree("""
                        {"kind": "idempotent", "name": "orders", "table": "%s", "entries": {"inFlight": 1, "unconfirmed": 0},
                         "events": {"added": 1, "duplicate": 0, "refused": 0, "lost": 0, "renewed": 0}}
                        """.formatted(table)));
        assertThat((String) console().call(MediaType.TEXT, Map.of()))
                .contains("repositories:", "kind=idempotent name=orders", "entries: inFlight=1");
    }

    /** The first repository, which says how long its oldest entry is in flight. */
    private static JsonNode withoutAge(JsonNode console) {
        ObjectNode repository = (ObjectNode) console.at("/repositories/0");
        assertThat(repository.remove("agesMillis").at("/inFlight").longValue()).isNotNegative();
        return repository;
    }

    @Test
    void healthCheckReadsTheTable() {
        assertThat(checks()).singleElement().satisfies(result -> {
            assertThat(result.getCheck().getId()).isEqualTo("repository:dynastore-" + table + "-idempotent-orders");
            assertThat(result.getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(result.getDetails()).containsEntry("dynastore.table", table);
        });
        assertThat(node.requests()).containsExactly("GetItem");
    }

    @Test
    void healthCheckIsDownWithTheRemedyIfTheTableIsGone() {
        dynamo.client().deleteTable(delete -> delete.tableName(table)).join();

        assertThat(checks()).singleElement().satisfies(result -> {
            assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(result.getDetails().get("dynastore.remedy")).asString().contains("Create it");
        });
    }

    private double entries() {
        return meters.get("dynastore.repository.entries")
                .tags("table", table, "kind", "idempotent", "repository", "orders", "state", "inFlight")
                .gauge()
                .value();
    }

    private double events(String event) {
        return meters.get("dynastore.repository.events")
                .tags("table", table, "kind", "idempotent", "repository", "orders", "event", event)
                .functionCounter()
                .count();
    }

    private DevConsole console() {
        return console(node.context);
    }

    private static DevConsole console(CamelContext context) {
        return Objects.requireNonNull(
                Objects.requireNonNull(DevConsoleRegistry.get(context)).resolveById("dynastore"));
    }

    private JsonNode json() throws IOException {
        return json(node.context);
    }

    private static JsonNode json(CamelContext context) throws IOException {
        return new ObjectMapper().readTree(((JsonObject) console(context).call(MediaType.JSON, Map.of())).toJson());
    }

    private List<HealthCheck.Result> checks() {
        return HealthCheckHelper.invoke(node.context, "full").stream()
                .filter(result -> result.getCheck().getId().contains("dynastore"))
                .toList();
    }
}
