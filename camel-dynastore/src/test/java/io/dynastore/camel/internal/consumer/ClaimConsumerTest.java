/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.LockLostException;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultThreadPoolFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Consumers that claim items, as a work queue. */
class ClaimConsumerTest extends ConsumerContract {

    private static final String QUEUE = "partitionKeys=email&claim=true&onSuccess=delete";
    private static final String HOUR = "&retryDelay=1h&maxRetryDelay=1h";

    private final FaultPlan plan = FaultPlan.none().only("UpdateItem");
    private final FaultyHttpClient http = new FaultyHttpClient(HTTP, plan);
    private final DefaultCamelContext other = new DefaultCamelContext();
    private final DynamoDbAsyncClient otherClient =
            dynamo.clientBuilder().httpClient(http).build();

    /** The delivery counts, in the order of the deliveries. */
    private final List<Long> counts = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeOther() throws Exception {
        other.getShutdownStrategy().setTimeout(1);
        other.close();
    }

    private void startOther() throws Exception {
        other.getRegistry().bind("client", otherClient);
        other.start();
    }

    private void count(Exchange exchange) {
        counts.add(exchange.getMessage().getHeader(DynaStoreConstants.DELIVERY_COUNT, Long.class));
    }

    private static void fail(Exchange exchange) {
        throw new IllegalStateException("no mail today");
    }

    private Map<String, AttributeValue> raw(String partition, String name) {
        return dynamo.rawGet(table, key(partition, name));
    }

    private void set(String name, String attribute, long value) {
        dynamo.client()
                .updateItem(update -> update.tableName(table)
                        .key(key("email", name))
                        .updateExpression("SET #a = :v")
                        .expressionAttributeNames(Map.of("#a", attribute))
                        .expressionAttributeValues(Map.of(":v", number(value))))
                .join();
    }

    private void awaitFailed(int count) {
        await().untilAsserted(() -> assertThat(consumer().getFailedItems()).isEqualTo(count));
        await().untilAsserted(() -> assertThat(raw("email", "01")).doesNotContainKey("_dsqh"));
    }

    @Test
    void twoContextsShareAPartitionAndDeliverEachItemOnce() throws Exception {
        givenItems("email", 60);
        startOther();

        consume(QUEUE);
        consume(other, QUEUE, (builder, from) -> {});

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(names("email", 1, 60));
    }

    @Test
    void itemIsDeliveredWithItsCountItsTokenAndTheVersionOfTheClaim() throws Exception {
        given("email", "01", "hello");
        List<Exchange> seen = new CopyOnWriteArrayList<>();

        consume(QUEUE, (builder, from) -> from.process(exchange -> seen.add(exchange.copy())));

        await().untilAsserted(() -> assertThat(consumer().getSucceededItems()).isEqualTo(1));
        assertThat(seen).singleElement().satisfies(exchange -> {
            assertThat(exchange.getMessage().getBody()).isEqualTo("hello");
            assertThat(exchange.getMessage().getHeaders())
                    .containsEntry(DynaStoreConstants.DELIVERY_COUNT, 1L)
                    .containsEntry(DynaStoreConstants.VERSION, 2L);
            assertThat(exchange.getMessage().getHeader(DynaStoreConstants.FENCING_TOKEN, Long.class))
                    .isGreaterThan(1_000_000_000_000L);
        });
    }

    @Test
    void itemOfAnotherProgramIsClaimedAlthoughItHasNoVersion() throws Exception {
        Map<String, AttributeValue> item = new HashMap<>(key("email", "01"));
        item.put("payload", text("hello"));
        dynamo.rawPut(table, item);

        consume(QUEUE);

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(delivered).containsExactly("email/01");
    }

    @Test
    void delayBeyondAllTimeIsAsIfItWereNotThere() throws Exception {
        given("email", "01", "hello");

        consume(QUEUE, (builder, from) -> from.process(this::count).process(exchange -> {
            exchange.getMessage().setHeader(DynaStoreConstants.RETRY_DELAY, ChronoUnit.FOREVER.getDuration());
            if (counts.size() == 1) {
                fail(exchange);
            }
        }));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(counts).containsExactly(1L, 2L);
    }

    @Test
    void itemForWhichThereIsNoThreadIsGivenBackAtOnce() throws Exception {
        given("email", "01", "hello");
        AtomicInteger refused = new AtomicInteger();
        context.getExecutorServiceManager().setThreadPoolFactory(new DefaultThreadPoolFactory() {
            @Override
            public ExecutorService newCachedThreadPool(ThreadFactory threads) {
                if (threads.toString().contains("dynastore://") && refused.incrementAndGet() == 1) {
                    throw new RejectedExecutionException("no thread");
                }
                return super.newCachedThreadPool(threads);
            }
        });

        consume(QUEUE, (builder, from) -> from.process(this::count));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(refused).hasValue(2);
        assertThat(counts).containsExactly(1L);
    }

    @Test
    void itemThatIsTooLargeToBeClaimedDoesNotBlockTheOthers() throws Exception {
        dynamo.rawPut(table, item("email", "01", "x".repeat(400 * 1024 - 100), 1));
        given("email", "02", "hello");

        consume(QUEUE + "&pageSize=1");

        awaitDelivered(1);
        assertThat(delivered).containsExactly("email/02");
    }

    @Test
    void failedItemWaitsForItsDelay() throws Exception {
        given("email", "01", "hello");
        consume(QUEUE + HOUR, (builder, from) -> from.process(this::count)
                .choice()
                .when(exchange -> counts.size() < 2)
                .process(ClaimConsumerTest::fail));

        awaitFailed(1);
        long from = Long.parseLong(
                Objects.requireNonNull(raw("email", "01").get("_dsqf")).n());
        awaitPolls(3);
        assertThat(counts).containsExactly(1L);
        assertThat((double) from).isCloseTo(System.currentTimeMillis() + 3_600_000 * 0.9, within(3_600_000 * 0.11));

        set("01", "_dsqf", 1);
        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(counts).containsExactly(1L, 2L);
    }

    @Test
    void routeNamesTheDelayOfAFailure() throws Exception {
        given("email", "01", "hello");
        consume(QUEUE, (builder, from) -> from.setHeader(DynaStoreConstants.RETRY_DELAY, builder.constant("1h"))
                .process(ClaimConsumerTest::fail));

        awaitFailed(1);
        awaitPolls(3);

        assertThat(delivered).hasSize(1);
        assertThat(raw("email", "01")).containsKey("_dsqf");
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void itemMovesToTheDeadPartitionAfterItsDeliveries() throws Exception {
        Map<String, AttributeValue> item = new HashMap<>(item("email", "01", "hello", 7));
        item.put("to", text("someone"));
        dynamo.rawPut(table, item);

        consume(QUEUE + "&maxDeliveries=3&deadPartition=email-dead", (builder, from) -> from.process(this::count)
                .process(ClaimConsumerTest::fail));

        await().untilAsserted(() -> assertThat(raw("email", "01")).isEmpty());
        awaitPolls(2);
        assertThat(counts).containsExactly(1L, 2L, 3L);
        assertThat(raw("email-dead", "01"))
                .containsEntry("payload", text("hello"))
                .containsEntry("to", text("someone"))
                .containsEntry("_dsqr", text("3 deliveries failed, the last one by java.lang.IllegalStateException"))
                .doesNotContainKeys("_dsqh", "_dsqu", "_dsqn", "_dsqf");
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void deadItemStaysIfItsPlaceAmongTheDeadIsTaken() throws Exception {
        given("email", "01", "hello");
        given("email-dead", "01", "an earlier one");

        consume(
                QUEUE + "&maxDeliveries=1&deadPartition=email-dead",
                (builder, from) -> from.process(ClaimConsumerTest::fail));

        await().untilAsserted(() -> assertThat(raw("email", "01")).containsKey("_dsqd"));
        awaitPolls(2);
        assertThat(delivered).hasSize(1);
        assertThat(raw("email-dead", "01")).containsEntry("payload", text("an earlier one"));
    }

    @Test
    void rejectedItemIsDeadAtOnceAndRevivedByAnUpdate() throws Exception {
        given("email", "01", "bad");
        consume(QUEUE, (builder, from) -> from.process(this::count)
                .choice()
                .when(builder.body().isEqualTo("bad"))
                .setHeader(DynaStoreConstants.REJECT, builder.constant(true)));
        await().untilAsserted(() -> assertThat(raw("email", "01")).containsKey("_dsqd"));
        awaitPolls(3);
        assertThat(delivered).hasSize(1);

        done(through("good", Map.of(), store("operation=update&partitionKey=email&sortKey=01")));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(counts).containsExactly(1L, 1L);
    }

    @Test
    void changeMadeMeanwhileIsKeptAndDelivered() throws Exception {
        given("email", "01", "old");
        List<Object> bodies = new CopyOnWriteArrayList<>();
        Gate gate = new Gate("email/01");
        consume(QUEUE, (builder, from) -> from.process(this::count)
                .process(exchange -> bodies.add(exchange.getMessage().getBody()))
                .process(gate));
        gate.awaitReached();

        done(through("new", Map.of(), store("operation=update&partitionKey=email&sortKey=01")));
        gate.open();

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(bodies).containsExactly("old", "new");
        assertThat(counts).containsExactly(1L, 1L);
        assertThat(consumer().getKeptItems()).isEqualTo(1);
    }

    @Test
    void itemThatItsOwnRouteHasUpdatedIsDeleted() throws Exception {
        given("email", "01", "old");

        consume(QUEUE, (builder, from) -> from.setBody(builder.constant("step")).to(store("operation=update")));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(delivered).hasSize(1);
        assertThat(consumer().getKeptItems()).isZero();
    }

    @Test
    void itemOfAnAbandonedContextIsDeliveredAgain() throws Exception {
        given("email", "01", "hello");
        startOther();
        Gate gate = new Gate("email/01");
        String options = QUEUE + "&claimTtl=3s&clockSkew=0";
        consume(other, options, (builder, from) -> from.process(gate));
        gate.awaitReached();
        // Like a crash: from now on nothing of it reaches the table.
        otherClient.close();

        consume(options, (builder, from) -> from.process(this::count));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(counts).containsExactly(2L);
        gate.open();
    }

    @Test
    void lateHolderCanNeitherWriteNorDeleteNorFree() throws Exception {
        given("email", "01", "hello");
        startOther();
        Gate late = new Gate("email/01");
        Gate second = new Gate("email/01");
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        // It has no place for a second item, or it would claim this one again itself.
        consume(other, QUEUE + "&concurrentClaims=1", (builder, from) -> from.process(late)
                .doTry()
                .setBody(builder.constant("late"))
                .to(store("operation=update"))
                .doCatch(Exception.class)
                .process(exchange -> errors.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))));
        late.awaitReached();
        // As if its claim had run out: it is renewed only after 15 seconds.
        set("01", "_dsqu", 1);
        set("01", "_dsqf", 1);
        consume(QUEUE, (builder, from) -> from.process(this::count).process(second));
        second.awaitReached();

        late.open();
        await().untilAsserted(() -> assertThat(errors).hasSize(1));
        await().untilAsserted(
                        () -> assertThat(other.getInflightRepository().size()).isZero());
        assertThat(errors.get(0)).isInstanceOf(LockLostException.class);
        assertThat(raw("email", "01")).containsEntry("payload", text("hello")).containsKey("_dsqh");

        second.open();
        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(counts).containsExactly(2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOSE_RESPONSE", "DROP", "ERROR_500_APPLIED", "THROTTLE"})
    void claimThatTheSdkRepeatsIsCountedOnce(String fault) throws Exception {
        given("email", "01", "hello");
        startOther();
        plan.next(Fault.valueOf(fault));

        consume(other, QUEUE, (builder, from) -> from.process(this::count));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(counts).containsExactly(1L);
    }

    @Test
    void itemInFlightIsSettledWhenTheRouteStops() throws Exception {
        givenItems("email", 3);
        Gate gate = new Gate("email/02");
        consume(QUEUE + "&concurrentClaims=1", (builder, from) -> from.process(gate));

        whileHeld(gate, () -> context.getRouteController().stopRoute(ROUTE));

        assertThat(raw("email", "02")).isEmpty();
        assertThat(dynamo.rawScan(table)).allSatisfy(item -> assertThat(item).doesNotContainKey("_dsqh"));
        assertThat(dynamo.rawScan(table)).hasSize(3 - delivered.size());
    }

    @Test
    void noMoreItemsAreInFlightThanAllowed() throws Exception {
        givenItems("email", 5);
        Gate gate = new Gate("email/01");
        consume(QUEUE + "&concurrentClaims=1", (builder, from) -> from.process(gate));
        gate.awaitReached();
        int before = delivered.size();

        assertThat(dynamo.rawScan(table))
                .filteredOn(item -> item.containsKey("_dsqh"))
                .hasSize(1);
        gate.open();

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(before).isLessThanOrEqualTo(delivered.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1h", "PT1H", "9999-01-01T00:00:00Z"})
    void itemIsNotDeliveredBeforeItIsDue(String due) throws Exception {
        done(through("later", Map.of(), store("operation=create&partitionKey=email&sortKey=01&deliverAfter=" + due)));
        done(through(
                "now",
                Map.of(DynaStoreConstants.DELIVER_AFTER, Duration.ZERO),
                store("operation=create&partitionKey=email&sortKey=02&deliverAfter=1h")));

        consume(QUEUE);

        awaitDelivered(1);
        awaitPolls(3);
        assertThat(delivered).containsExactly("email/02");

        Exchange sooner = through(
                "sooner",
                Map.of(DynaStoreConstants.DELIVER_AFTER, Instant.now()),
                store("operation=update&partitionKey=email&sortKey=01"));
        assertThat(done(sooner).getHeaders()).doesNotContainKey(DynaStoreConstants.DELIVER_AFTER);
        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
    }

    @Test
    void updateKeepsWhenAnItemIsDue() throws Exception {
        done(through("later", Map.of(), store("operation=create&partitionKey=email&sortKey=01&deliverAfter=1h")));
        AttributeValue due = Objects.requireNonNull(raw("email", "01").get("_dsqf"));

        done(through("changed", Map.of(), store("operation=update&partitionKey=email&sortKey=01")));

        assertThat(raw("email", "01")).containsEntry("_dsqf", due).containsEntry("payload", text("changed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "soon", "-1s", "P999999D"})
    void dueTimeThatMeansNothingIsRefused(String due) throws Exception {
        Exchange exchange = through(
                "later",
                Map.of(DynaStoreConstants.DELIVER_AFTER, due),
                store("operation=create&partitionKey=email&sortKey=01"));

        refusal(exchange, InvalidInputException.class);
    }

    @Test
    void wholeTableIsAQueueToo() throws Exception {
        givenItems("email", 3);
        givenItems("letter", 3);

        consume("segments=2&claim=true&onSuccess=delete");

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(delivered).hasSize(6);
    }
}
