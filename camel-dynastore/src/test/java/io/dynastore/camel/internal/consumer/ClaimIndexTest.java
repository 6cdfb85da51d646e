/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.Write;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Consumers that find claimable items in an index. */
class ClaimIndexTest extends ConsumerContract {

    private static final String QUEUE = "partitionKeys=email&claim=true&onSuccess=delete&claimIndex=due&claimShards=4";

    /** Such a consumer finds nothing that the index lacks. */
    private static final String INDEX_ONLY = QUEUE + "&claimTableInterval=0";

    private static final String CREATE = "operation=create&partitionKey=email&claimIndex=due&claimShards=4";

    @Override
    protected TableSpec tableSpec() {
        return WITH_SORT_KEY.globalIndex("due", new KeySpec("_dsqs", S), new KeySpec("_dsqf", N), ALL);
    }

    private void create(String name, String options) throws Exception {
        done(through("v" + name, Map.of(), store(CREATE + "&sortKey=" + name + options)));
    }

    private void create(int count, String options) throws Exception {
        String uri = store(CREATE + options);
        String route = route((builder, from) -> from.to(uri));
        for (int number = 1; number <= count; number++) {
            done(send(route, "v" + number, Map.of(DynaStoreConstants.SORT_KEY, sortKey(number))));
        }
    }

    private Map<String, AttributeValue> raw(String name) {
        return dynamo.rawGet(table, key("email", name));
    }

    private List<Map<String, AttributeValue>> index() {
        return dynamo.client()
                .scan(scan -> scan.tableName(table).indexName("due"))
                .join()
                .items();
    }

    private void awaitEmpty() {
        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
    }

    private static void fail(Exchange exchange) {
        throw new IllegalStateException("no mail today");
    }

    @Test
    void itemsOfProducersWithTheIndexAreDelivered() throws Exception {
        create(20, "");
        assertThat(index()).hasSize(20);

        consume(INDEX_ONLY);

        awaitEmpty();
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(names("email", 1, 20));
        assertThat(HTTP.requests())
                .filteredOn(request -> request.operation().equals("Query"))
                .allMatch(
                        request -> request.request().path("IndexName").asText().equals("due"));
    }

    @Test
    void largestItemThatAProducerMayWriteCanBeClaimedAndDie() throws Exception {
        String in = route((builder, from) -> from.to(store(CREATE + "&sortKey=01")));
        int size = 400 * 1024 - 900;
        Exchange sent = send(in, "x".repeat(size), Map.of());
        while (sent.isFailed()) {
            assertThat(refusal(sent, InvalidInputException.class))
                    .hasMessageContainingAll("Table " + table, "01", "a claim of a work queue", "split it");
            size -= 10;
            sent = send(in, "x".repeat(size), Map.of());
        }

        consume(INDEX_ONLY, (builder, from) -> from.setHeader(DynaStoreConstants.REJECT, builder.constant(true)));

        await().untilAsserted(() -> assertThat(raw("01")).containsKeys("_dsqd", "_dsqr"));
        assertThat(size).isBetween(400 * 1024 - 1300, 400 * 1024 - 1024);
    }

    @Test
    void itemThatNobodyCanClaimDoesNotCountAsClaimedByAnotherConsumer() throws Exception {
        create("01", "");
        Map<String, AttributeValue> unreadable = new HashMap<>(raw("01"));
        unreadable.put("version", text("two"));
        dynamo.rawPut(table, unreadable);
        HTTP.clear();

        consume(INDEX_ONLY + "&concurrentClaims=10");

        // Each refused claim would double the pages: 80, 160, and so on.
        await().until(() -> limits().size() >= 24);
        assertThat(limits()).allMatch(limit -> limit <= 80);
        assertThat(delivered).isEmpty();
    }

    private static List<Integer> limits() {
        return HTTP.requests().stream()
                .filter(request -> request.operation().equals("Query"))
                .map(request -> request.request().path("Limit").asInt())
                .toList();
    }

    @Test
    void itemsOfOtherProgramsAreFoundInTheTable() throws Exception {
        givenItems("email", 3);
        done(through("v", Map.of(), store("operation=put&partitionKey=email&sortKey=04&deliverAfter=0s")));

        consume(QUEUE + "&claimTableInterval=50ms");

        awaitEmpty();
        givenItems("email", 5, 6);
        awaitEmpty();
        assertThat(delivered).hasSize(6);
    }

    @Test
    void expiredItemsInFrontDoNotHideALiveOne() throws Exception {
        for (int entry = 0; entry < 240; entry++) {
            Map<String, AttributeValue> expired = item("email", sortKey(entry), "gone", 1);
            expired.put("expires", number(1));
            expired.put("_dsqs", text(entry % 4 + "/email"));
            expired.put("_dsqf", number(entry));
            dynamo.rawPut(table, expired);
        }
        create("live", "");

        consume(INDEX_ONLY + "&pageSize=10");

        awaitDelivered(1);
        assertThat(delivered).containsExactly("email/live");
    }

    @Test
    void itemsOfOtherProgramsWaitIfTheTableIsNotLookedThrough() throws Exception {
        givenItems("email", 1);
        create("02", "");

        consume(INDEX_ONLY);

        awaitDelivered(1);
        awaitPolls(3);
        assertThat(delivered).containsExactly("email/02");
    }

    @Test
    void readsDoNotGrowWithWhatIsClaimedOrDelayed() throws Exception {
        create(30, "&deliverAfter=1h");
        Gate gate = new Gate("email/claimed");
        create("claimed", "");
        consume(INDEX_ONLY, (builder, from) -> from.process(gate));
        gate.awaitReached();
        HTTP.clear();
        awaitPolls(3);

        assertThat(HTTP.requests())
                .filteredOn(request -> request.operation().equals("Query"))
                .hasSizeGreaterThan(8)
                .allMatch(request -> request.response().path("ScannedCount").asInt() == 0);
        gate.open();
    }

    @Test
    void consumerThatIsAloneClaimsWholePages() throws Exception {
        int items = 120;
        for (int number = 0; number < items; number++) {
            Map<String, AttributeValue> item = new HashMap<>(item("email", sortKey(number), "v", 1));
            item.put("_dsqs", text(number % 4 + "/email"));
            item.put("_dsqf", number(1 + number));
            dynamo.rawPut(table, item);
        }
        HTTP.clear();
        consume(INDEX_ONLY);
        awaitEmpty();

        // A quarter of the items in each shard: three of each page at first, and all of them in the end.
        assertThat(HTTP.requests())
                .filteredOn(request -> request.operation().equals("Query")
                        && request.response().path("Count").asInt() > 0)
                .hasSizeLessThan(items / 4);
    }

    @Test
    void failedItemIsInTheIndexWhenItIsDueAgain() throws Exception {
        create("01", "");
        consume(INDEX_ONLY + "&retryDelay=1h&maxRetryDelay=1h", (builder, from) -> from.process(ClaimIndexTest::fail));
        await().untilAsserted(() -> assertThat(consumer().getFailedItems()).isEqualTo(1));
        await().untilAsserted(() -> assertThat(raw("01")).doesNotContainKey("_dsqh"));
        long from = number(raw("01"), "_dsqf");
        assertThat(from).isGreaterThan(System.currentTimeMillis() + 2_800_000);
        awaitPolls(2);
        assertThat(delivered).hasSize(1);

        // As a producer without the index changes when it is due.
        done(through("v", Map.of(), store("operation=update&partitionKey=email&sortKey=01&deliverAfter=0s")));

        awaitDelivered(2);
    }

    @Test
    void deadItemIsNotInTheIndexUntilAnUpdateRevivesIt() throws Exception {
        create("01", "");
        consume(INDEX_ONLY, (builder, from) -> from.choice()
                .when(builder.body().isEqualTo("v01"))
                .setHeader(DynaStoreConstants.REJECT, builder.constant(true)));
        await().untilAsserted(() -> assertThat(raw("01")).containsKey("_dsqd").doesNotContainKeys("_dsqf", "_dsqs"));
        assertThat(index()).isEmpty();

        done(through(
                "good",
                Map.of(),
                store("operation=update&partitionKey=email&sortKey=01&claimIndex=due&claimShards=4")));

        awaitEmpty();
        assertThat(delivered).hasSize(2);
    }

    @Test
    void itemThatAnotherProgramRevivesIsFoundInTheTable() throws Exception {
        create("01", "");
        consume(QUEUE + "&claimTableInterval=50ms", (builder, from) -> from.choice()
                .when(builder.body().isEqualTo("v01"))
                .setHeader(DynaStoreConstants.REJECT, builder.constant(true)));
        await().untilAsserted(() -> assertThat(raw("01")).containsKey("_dsqd"));

        done(through("good", Map.of(), store("operation=update&partitionKey=email&sortKey=01")));

        awaitEmpty();
    }

    @Test
    void deadItemMovesOutOfTheIndex() throws Exception {
        create("01", "");
        consume(
                INDEX_ONLY + "&maxDeliveries=1&deadPartition=email-dead",
                (builder, from) -> from.process(ClaimIndexTest::fail));

        await().untilAsserted(() ->
                assertThat(dynamo.rawGet(table, key("email-dead", "01"))).isNotEmpty());
        assertThat(index()).isEmpty();
    }

    @Test
    void itemOfADeadConsumerIsInTheIndexWhenItsClaimHasRunOut() throws Exception {
        create("01", "");
        Gate gate = new Gate("email/01");
        consume(INDEX_ONLY + "&clockSkew=7s&claimTtl=60s", (builder, from) -> from.process(gate));
        gate.awaitReached();
        Map<String, AttributeValue> claimed = raw("01");
        assertThat(number(claimed, "_dsqf")).isEqualTo(number(claimed, "_dsqu") + 7_001);

        // As if the consumer had died long ago.
        Map<String, AttributeValue> old = new HashMap<>(claimed);
        old.put("_dsqu", number(1));
        old.put("_dsqf", number(7_002));
        dynamo.rawPut(table, old);

        awaitDelivered(2);
        gate.open();
        awaitEmpty();
    }

    @Test
    void updateOfAClaimedItemLeavesItsEntry() throws Exception {
        create("01", "");
        Gate gate = new Gate("email/01");
        List<AttributeValue> entries = new CopyOnWriteArrayList<>();
        consume(INDEX_ONLY, (builder, from) -> from.process(
                        exchange -> entries.add(raw("01").get("_dsqf")))
                .setBody(builder.constant("step"))
                .to(store("operation=update&claimIndex=due&claimShards=4"))
                .process(exchange -> entries.add(raw("01").get("_dsqf")))
                .process(gate));
        gate.awaitReached();
        assertThat(entries.get(0)).isNotNull().isEqualTo(entries.get(1));
        gate.open();
        awaitEmpty();
        assertThat(consumer().getKeptItems()).isZero();
    }

    @Test
    void twoContextsShareAPartitionAndDeliverEachItemOnce() throws Exception {
        create(60, "");
        try (DefaultCamelContext other = new DefaultCamelContext()) {
            other.getRegistry().bind("client", recorded());
            other.start();
            consume(INDEX_ONLY);
            consume(other, INDEX_ONLY, (builder, from) -> {});
            awaitEmpty();
        }
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(names("email", 1, 60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "update"})
    void writeOfAnExistingItemKeepsWhenItIsDue(String operation) throws Exception {
        create("01", "&deliverAfter=1h");
        AttributeValue due = Objects.requireNonNull(raw("01").get("_dsqf"));
        AttributeValue shard = Objects.requireNonNull(raw("01").get("_dsqs"));

        done(through(
                "changed",
                Map.of(),
                store("operation=" + operation + "&partitionKey=email&sortKey=01&claimIndex=due&claimShards=4")));

        assertThat(raw("01")).containsEntry("_dsqf", due).containsEntry("_dsqs", shard);
    }

    @Test
    void transactionMakesItemsOfAQueue() throws Exception {
        List<Object> writes = List.of(
                Write.create(Key.of("email", "01"), "now"),
                Map.of(
                        "operation",
                        "create",
                        "partitionKey",
                        "email",
                        "sortKey",
                        "02",
                        "value",
                        "later",
                        "deliverAfter",
                        "1h"));
        done(through(writes, Map.of(), store("operation=transact&claimIndex=due&claimShards=4")));
        assertThat(index()).hasSize(2);

        consume(INDEX_ONLY);

        awaitDelivered(1);
        awaitPolls(2);
        assertThat(delivered).containsExactly("email/01");
    }

    private static long number(Map<String, AttributeValue> item, String attribute) {
        return Long.parseLong(Objects.requireNonNull(item.get(attribute)).n());
    }
}
