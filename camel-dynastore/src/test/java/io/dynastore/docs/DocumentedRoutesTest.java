/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.store.Item;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** The routes of the documents work. */
class DocumentedRoutesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final Map<String, String> tables = new HashMap<>();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template = context.createProducerTemplate();

    /** Documents name tables; each test has tables of its own. */
    @Component("dynastore")
    private final class OwnTables extends DynaStoreComponent {

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                throws Exception {
            return super.createEndpoint(uri, table(remaining), parameters);
        }
    }

    private String table(String documented) {
        return tables.computeIfAbsent(documented, dynamo::table);
    }

    @BeforeEach
    void start() {
        context.getRegistry().bind("client", dynamo.client());
        context.addComponent("dynastore", new OwnTables());
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    private void load(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.resolveResource(context, "classpath:docs/" + yaml));
    }

    @Test
    @NeedsEngine(EngineAbility.INDEXES_WITH_SEVERAL_KEY_ATTRIBUTES)
    void parcelsAreListedThroughAnIndexWithSeveralKeyAttributes() throws Exception {
        tables.put(
                "parcels",
                dynamo.table(
                        "parcels",
                        TableSpec.defaults()
                                .globalIndex(
                                        "by-day",
                                        List.of(new KeySpec("tenant", S), new KeySpec("region", S)),
                                        List.of(new KeySpec("day", N), new KeySpec("depot", S)),
                                        ProjectionType.ALL)));
        for (String parcel : List.of("20251031/berlin", "20251101/berlin", "20251101/bonn", "20251102/bern")) {
            Map<String, AttributeValue> item = new HashMap<>(key("parcel", parcel));
            item.put("payload", AttributeValue.fromS(parcel));
            item.put("tenant", AttributeValue.fromS("acme"));
            item.put("region", AttributeValue.fromS("eu"));
            item.put("day", AttributeValue.fromN(parcel.substring(0, 8)));
            item.put("depot", AttributeValue.fromS(parcel.substring(9)));
            dynamo.rawPut(table("parcels"), item);
        }
        context.addRoutes(new ParcelRoutes());

        List<?> ofADay = template.requestBody("direct:parcels-of-a-day", null, List.class);
        List<?> since = template.requestBody("direct:parcels-since", null, List.class);

        assertThat(ofADay).map(item -> ((Item) item).payload()).isEqualTo(List.of("20251101/berlin"));
        assertThat(since)
                .map(item -> ((Item) item).payload())
                .isEqualTo(List.of("20251101/berlin", "20251101/bonn", "20251102/bern"));
    }

    private Queue<Object> collect(String endpoint) throws Exception {
        Queue<Object> bodies = new ConcurrentLinkedQueue<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(endpoint)
                        .process(exchange -> bodies.add(exchange.getMessage().getBody()));
            }
        });
        return bodies;
    }

    private void given(String table, String id, String name, AttributeValue payload, long version) {
        Map<String, AttributeValue> item = new HashMap<>(key(id, name));
        item.put("payload", payload);
        item.put("version", AttributeValue.fromN(Long.toString(version)));
        dynamo.rawPut(table(table), item);
    }

    private static Map<String, AttributeValue> key(String id, String name) {
        return Map.of("id", AttributeValue.fromS(id), "name", AttributeValue.fromS(name));
    }

    private AttributeValue stored(String table, String id, String name, String attribute) {
        return Objects.requireNonNull(dynamo.rawGet(table(table), key(id, name)).get(attribute));
    }

    private static AttributeValue document(String field, String value) {
        return AttributeValue.fromM(Map.of(field, AttributeValue.fromS(value)));
    }

    @Test
    void countsViews() throws Exception {
        context.addRoutes(new CounterRoutes());
        given("tickets", "customer", "4711", document("status", "open"), 1);

        template.sendBodyAndHeader("direct:count-view", null, "ticket", "4711");
        template.sendBodyAndHeader("direct:count-view", null, "ticket", "4711");

        AttributeValue two = AttributeValue.fromN("2");
        assertThat(stored("tickets", "customer", "4711", "views")).isEqualTo(two);
        assertThat(stored("tickets", "customer", "4711", "payload").m())
                .containsEntry("status", AttributeValue.fromS("open"))
                .containsEntry("stats", AttributeValue.fromM(Map.of("reads", two)));
    }

    @Test
    void mergesAnAddress() throws Exception {
        context.addRoutes(new CounterRoutes());
        AttributeValue address =
                AttributeValue.fromM(Map.of("city", AttributeValue.fromS("Ulm"), "zip", AttributeValue.fromS("1")));
        given("customers", "customer", "1", AttributeValue.fromM(Map.of("address", address)), 1);

        template.sendBodyAndHeader("direct:move-customer", null, "customer", "1");

        assertThat(stored("customers", "customer", "1", "payload"))
                .isEqualTo(AttributeValue.fromM(Map.of("address", document("city", "Bonn"))));
    }

    @Test
    void ticketsThatExistAlreadyAreNotImported() throws Exception {
        context.addRoutes(new BulkRoutes());
        Queue<Object> failures = collect("direct:not-imported");
        given("tickets", "customer", "t2", document("subject", "old"), 1);

        template.sendBody(
                "direct:import-tickets",
                IntStream.rangeClosed(1, 3)
                        .mapToObj(number -> Map.of("sortKey", "t" + number, "value", Map.of("subject", "new")))
                        .iterator());

        assertThat(failures).singleElement(InstanceOfAssertFactories.LIST).hasSize(1);
        assertThat(stored("tickets", "customer", "t2", "payload")).isEqualTo(document("subject", "old"));
        assertThat(stored("tickets", "customer", "t3", "payload")).isEqualTo(document("subject", "new"));
        assertThat(stored("tickets", "customer", "t3", "expires").n()).isNotEmpty();
    }

    @Test
    void urgentTicketsAreListedWithTheirPriorityAlone() throws Exception {
        context.addRoutes(new FilterRoutes());
        for (int priority = 1; priority <= 4; priority++) {
            Map<String, AttributeValue> item = new HashMap<>(key("customer", "t" + priority));
            item.put("status", AttributeValue.fromS(priority == 3 ? "closed" : "open"));
            item.put("priority", AttributeValue.fromN(String.valueOf(priority)));
            dynamo.rawPut(table("tickets"), item);
        }

        List<?> urgent = template.requestBody("direct:urgent-tickets", null, List.class);

        assertThat(urgent)
                .singleElement(InstanceOfAssertFactories.type(Item.class))
                .extracting(Item::fields)
                .isEqualTo(Map.of("priority", 4L));
    }

    @Test
    void opensAndClosesATicket() throws Exception {
        context.addRoutes(new TicketRoutes());

        template.sendBodyAndHeader("direct:open-ticket", Map.of("status", "open"), "CamelDynaStoreSortKey", "4711");
        template.sendBodyAndHeader("direct:close-ticket", null, "ticket", "4711");

        assertThat(stored("tickets", "customer", "4711", "payload")).isEqualTo(document("status", "closed"));
        assertThat(stored("tickets", "customer", "4711", "version").n()).isEqualTo("2");
        assertThat(stored("tickets", "customer", "4711", "expires").n()).isNotEmpty();
    }

    @Test
    void closesATicketInYaml() throws Exception {
        load("close-ticket.yaml");
        given("tickets", "customer", "4711", document("status", "open"), 1);

        template.sendBodyAndHeader("direct:close-ticket", null, "ticket", "4711");

        assertThat(stored("tickets", "customer", "4711", "payload")).isEqualTo(document("status", "closed"));
    }

    @Test
    void putsAndListsTicketsInYaml() throws Exception {
        load("tickets.yaml");

        Object listed = template.requestBodyAndHeader(
                "direct:tickets", "{\"subject\": \"No light\"}", "ticket", "2026-11-4711");

        assertThat(listed)
                .asInstanceOf(InstanceOfAssertFactories.list(Item.class))
                .singleElement()
                .satisfies(item -> assertThat(item.key().sortKey()).isEqualTo("2026-11-4711"));
    }

    @Test
    @SuppressWarnings("unchecked") // a payload without payloadType is a Map
    void repeatsAConflict() throws Exception {
        context.addRoutes(new LoyaltyRoutes(exchange -> exchange.getMessage()
                .getBody(Map.class)
                .merge("points", 1L, (before, more) -> (Long) before + (Long) more)));
        given("customers", "customer", "1", AttributeValue.fromM(Map.of("points", AttributeValue.fromN("0"))), 1);

        List<CompletableFuture<Object>> all = IntStream.range(0, 4)
                .mapToObj(each ->
                        template.asyncRequestBodyAndHeader("direct:add-points", null, "CamelDynaStoreSortKey", "1"))
                .toList();
        all.forEach(CompletableFuture::join);

        assertThat(stored("customers", "customer", "1", "payload").m())
                .containsEntry("points", AttributeValue.fromN("4"));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void transfersMoney() throws Exception {
        context.addRoutes(new TransferRoutes());
        given("bank", "account", "1", document("balance", "100"), 3);
        given("bank", "account", "2", document("balance", "100"), 7);
        given("bank", "customer", "1", document("name", "Smith"), 1);

        Exchange done = template.send("direct:transfer", exchange -> {});

        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader("CamelDynaStoreVersions")).isEqualTo(Arrays.asList(4L, 8L, 1L, null));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void carriesOutATransactionInYaml() throws Exception {
        load("transact.yaml");
        given("customers", "customer", "1", document("name", "Smith"), 3);
        given("customers", "customer", "voucher-17", document("points", "5"), 1);

        template.sendBody("direct:redeem", null);

        assertThat(dynamo.rawGet(table("customers"), key("customer", "voucher-17")))
                .isEmpty();
        assertThat(stored("customers", "customer", "1", "version").n()).isEqualTo("4");
    }

    @Test
    void streamsAPartition() throws Exception {
        Queue<Object> reminded = collect("direct:remind-one");
        context.addRoutes(new ReminderRoutes());
        for (int ticket = 1; ticket <= 3; ticket++) {
            given("tickets", "customer", "" + ticket, document("status", "open"), 1);
        }

        template.sendBody("direct:remind", null);

        assertThat(reminded).hasSize(3).allMatch(Item.class::isInstance);
    }

    @Test
    void shipsWhatIsInTheOutbox() throws Exception {
        Queue<Object> shipped = collect("direct:ship-order");
        given("outbox", "north", "1", AttributeValue.fromS("first"), 1);
        given("outbox", "north", "2", AttributeValue.fromS("second"), 1);

        context.addRoutes(new ShippingRoutes());

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(shipped)
                .containsExactly("first", "second"));
    }

    @Test
    void importsUnderALock() throws Exception {
        given("tickets", "imports", "latest", AttributeValue.fromS("none"), 1);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:read-partner").setBody(constant("read"));
            }
        });

        context.addRoutes(new ImportRoutes());

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        stored("tickets", "imports", "latest", "payload").s())
                .isEqualTo("read"));
        assertThat(stored("tickets", "imports", "latest", "_dsfence").n()).isNotEmpty();
    }
}
