/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Work that is done once for each key, and whose result goes to duplicates, on real routes of two nodes. */
class DynaStoreOnceTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration TTL = Duration.ofDays(1);

    private final SettableClock clock = StateTests.clock();
    private final String table = dynamo.table("once");
    private final IdempotentNode first = new IdempotentNode(dynamo, table, clock);
    private final IdempotentNode second = new IdempotentNode(dynamo, table, clock);
    private final AtomicInteger works = new AtomicInteger();
    private volatile Processor work = exchange -> exchange.getMessage().setBody("done " + works.get());

    @BeforeEach
    void start() throws Exception {
        start(first);
        start(second);
    }

    private void start(IdempotentNode node) throws Exception {
        node.repository.setStoreResult(true);
        node.repository.setTtl(TTL);
        node.context.addRoutes(routes(node, once -> {}));
        node.started();
    }

    private RouteBuilder routes(IdempotentNode node, Consumer<DynaStoreOnce> settings) {
        DynaStoreOnce once = once(node);
        settings.accept(once);
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").process(once);
                from("direct:work").process(exchange -> {
                    works.incrementAndGet();
                    work.process(exchange);
                });
            }
        };
    }

    private static DynaStoreOnce once(IdempotentNode node) {
        DynaStoreOnce once = new DynaStoreOnce();
        once.setCamelContext(node.context);
        once.setRepository(node.repository);
        once.setUri("direct:work");
        once.setKey("${header.id}");
        return once;
    }

    /** Replaces the routes of a node. */
    private void with(IdempotentNode node, Consumer<DynaStoreOnce> settings) throws Exception {
        node.context.getRouteController().stopAllRoutes();
        for (String id : node.context.getRoutes().stream()
                .map(route -> route.getRouteId())
                .toList()) {
            node.context.removeRoute(id);
        }
        node.context.addRoutes(routes(node, settings));
        node.requests();
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private static Exchange send(IdempotentNode node, @Nullable Object body) {
        return send(node, "a", body);
    }

    private static Exchange send(IdempotentNode node, String id, @Nullable Object body) {
        return node.context.createProducerTemplate().send("direct:in", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("id", id);
        });
    }

    private static @Nullable Object result(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody();
    }

    @Test
    void duplicateOnAnyNodeGetsTheStoredResult() {
        Exchange one = send(first, "pay");
        Exchange duplicate = send(first, "pay");
        Exchange elsewhere = send(second, "pay");

        assertThat(List.of(one, duplicate, elsewhere))
                .extracting(DynaStoreOnceTest::result)
                .containsOnly("done 1");
        assertThat(works).hasValue(1);
        assertThat(one.getProperty(Exchange.DUPLICATE_MESSAGE)).isNull();
        assertThat(duplicate.getProperty(Exchange.DUPLICATE_MESSAGE)).isEqualTo(true);
        assertThat(result(send(second, "b", "pay"))).isEqualTo("done 2");
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void messageCostsTwoWritesAndItsDuplicateOne() {
        send(first, "pay");
        assertThat(first.requests()).containsExactly("UpdateItem", "UpdateItem");

        send(first, "pay");
        assertThat(first.requests()).containsExactly("UpdateItem");
    }

    @Test
    void chosenHeadersBelongToTheResult() throws Exception {
        work = exchange -> {
            exchange.getMessage().setHeader("code", 201);
            exchange.getMessage().setHeader("secret", "s");
            exchange.getMessage().removeHeader("gone");
        };
        with(first, once -> once.setHeaders("code, gone"));
        send(first, "pay");

        Exchange duplicate = first.context.createProducerTemplate().send("direct:in", exchange -> {
            exchange.getMessage().setHeader("id", "a");
            exchange.getMessage().setHeader("gone", "still here");
        });

        assertThat(duplicate.getMessage().getHeaders())
                .containsEntry("code", 201L)
                .containsEntry("id", "a")
                .doesNotContainKeys("secret", "gone");
    }

    @Test
    void resultsOfAllFormatsComeBack() throws Exception {
        Map<String, Object> map = new LinkedHashMap<>(Map.of("amount", new BigDecimal("1.5"), "tags", List.of("x")));
        assertThat(replayed("map", map)).isEqualTo(map);
        assertThat(replayed("text", "ä")).isEqualTo("ä");
        assertThat(replayed("none", null)).isNull();
        assertThat(replayed("number", 7)).isEqualTo(7L);
        assertThat(replayed("bytes", new byte[] {1, 2})).isEqualTo(new byte[] {1, 2});

        with(first, once -> once.setPayloadType(Receipt.class));
        assertThat(replayed("object", new Receipt("r", 3))).isEqualTo(new Receipt("r", 3));
    }

    record Receipt(String id, int amount) {}

    private @Nullable Object replayed(String id, @Nullable Object result) {
        work = exchange -> exchange.getMessage().setBody(result);
        send(first, id, "pay");
        return result(send(first, id, "pay"));
    }

    @Test
    void streamIsStoredAndStillReadableByTheFirst() {
        work = exchange -> exchange.getMessage().setBody(stream("streamed"));

        Exchange one = send(first, "pay");

        assertThat(one.getMessage().getBody(String.class)).isEqualTo("streamed");
        assertThat(send(second, "pay").getMessage().getBody(String.class)).isEqualTo("streamed");
    }

    private static InputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void resultIsReadableInTheTable() {
        send(first, "pay");

        assertThat(dynamo.rawScan(table)).anySatisfy(item -> assertThat(item)
                .containsEntry("name", AttributeValue.fromS("a"))
                .containsEntry("payload", AttributeValue.fromS("done 1"))
                .doesNotContainKeys("_dsuntil", "_dsdigest"));
    }

    @Test
    void reusedKeyWithAnotherPayloadIsRefused() throws Exception {
        with(first, once -> once.setPayloadCheck(true));
        with(second, once -> once.setPayloadCheck(true));
        send(first, "pay 5");

        Exchange reused = send(second, "pay 7");

        assertThat(reused.getException())
                .isInstanceOf(IdempotencyPayloadMismatchException.class)
                .hasMessageContainingAll(table, "another payload")
                .hasMessageNotContaining("pay 7");
        assertThat(result(send(second, "pay 5"))).isEqualTo("done 1");
        assertThat(result(send(second, stream("pay 5")))).as("the same text").isEqualTo("done 1");
        assertThat(works).hasValue(1);
    }

    @Test
    void streamIsStillReadableByTheWorkAfterItsDigest() throws Exception {
        with(first, once -> once.setPayloadCheck(true));
        work = exchange -> exchange.getMessage().setBody(exchange.getMessage().getBody(String.class) + "!");

        assertThat(result(send(first, stream("pay")))).isEqualTo("pay!");
    }

    @Test
    void duplicateFailsAtOnceWhileTheFirstIsInProgress() throws Exception {
        try (Held held = new Held()) {
            CompletableFuture<Exchange> one = held.first();

            Exchange duplicate = send(second, "pay");

            assertThat(duplicate.getException())
                    .isInstanceOfSatisfying(IdempotencyInProgressException.class, error -> assertThat(error.until())
                            .isEqualTo(clock.instant().plus(IdempotentNode.LEASE)))
                    .hasMessageContainingAll(table, "in progress", "inFlightWait");
            held.release();
            assertThat(result(one.get(20, TimeUnit.SECONDS))).isEqualTo("done 1");
            assertThat(result(send(second, "pay"))).isEqualTo("done 1");
            assertThat(works).hasValue(1);
        }
    }

    @Test
    void duplicateMayWaitForTheFirst() throws Exception {
        with(second, once -> once.setInFlightWait(Duration.ofMinutes(1)));
        try (Held held = new Held()) {
            CompletableFuture<Exchange> unused = held.first();
            CompletableFuture<Exchange> duplicate = CompletableFuture.supplyAsync(() -> send(second, "pay"));
            StateTests.await().until(() -> second.requests().contains("UpdateItem"));
            assertThat(duplicate).isNotDone();

            held.release();

            assertThat(result(duplicate.get(20, TimeUnit.SECONDS))).isEqualTo("done 1");
            assertThat(works).hasValue(1);
        }
    }

    @Test
    void duplicateIsProcessedIfTheNodeOfTheFirstHasCrashed() throws Exception {
        try (Held held = new Held()) {
            CompletableFuture<Exchange> late = held.first();
            clock.advance(IdempotentNode.LEASE.plus(IdempotentNode.SKEW).plusMillis(1));
            work = exchange -> exchange.getMessage().setBody("by the second");

            assertThat(result(send(second, "pay"))).isEqualTo("by the second");
            held.release();
            assertThat(late.get(20, TimeUnit.SECONDS)).isNotNull();

            assertThat(first.repository.getLostCount()).isEqualTo(1);
            assertThat(result(send(first, "pay"))).as("the owner's").isEqualTo("by the second");
        }
    }

    /** Work of the first node that goes on until this is closed. */
    private final class Held implements AutoCloseable {

        private final CountDownLatch open = new CountDownLatch(1);

        CompletableFuture<Exchange> first() throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            work = exchange -> {
                begun.countDown();
                assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();
                exchange.getMessage().setBody("done 1");
            };
            CompletableFuture<Exchange> sent =
                    CompletableFuture.supplyAsync(() -> send(DynaStoreOnceTest.this.first, "pay"));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            return sent;
        }

        void release() {
            open.countDown();
        }

        @Override
        public void close() {
            release();
        }
    }

    @Test
    void failedWorkFreesItsKey() {
        work = exchange -> {
            throw new IllegalArgumentException("told so");
        };
        assertThat(send(first, "pay").getException()).hasMessage("told so");
        assertThat(first.requests()).containsExactly("UpdateItem", "DeleteItem");

        work = exchange -> exchange.getMessage().setBody("at last");

        assertThat(result(send(second, "pay"))).isEqualTo("at last");
        assertThat(works).hasValue(2);
    }

    @Test
    void firstKeepsAResultThatCannotBeStoredAndItsDuplicatesFail() {
        String large = "x".repeat(500_000);
        work = exchange -> exchange.getMessage().setBody(large);

        assertThat(result(send(first, "pay"))).isEqualTo(large);
        Exchange duplicate = send(second, "pay");

        assertThat(duplicate.getException())
                .isInstanceOf(ResultNotStoredException.class)
                .hasMessageContainingAll(table, "was processed");
        assertThat(works).hasValue(1);
    }

    @Test
    void firstSucceedsThoughItsResultCannotBeRead() {
        work = exchange -> exchange.getMessage().setBody(new AbstractMap<String, Object>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw new IllegalStateException("secret");
            }
        });

        assertThat(send(first, "pay").getException()).isNull();

        assertThat(send(second, "pay").getException()).isInstanceOf(ResultNotStoredException.class);
        assertThat(works).hasValue(1);
    }

    @Test
    void resultOfAnEarlierMessageIsNeverReplayed() throws Exception {
        first.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:plain")
                        .idempotentConsumer(header("id"))
                        .idempotentRepository(first.repository)
                        .to("mock:plain");
            }
        });
        send(first, "pay");
        clock.advance(TTL.plusSeconds(1));
        first.context.createProducerTemplate().sendBodyAndHeader("direct:plain", "x", "id", "a");
        assertThat(send(first, "pay").getException()).isInstanceOf(ResultNotStoredException.class);

        clock.advance(TTL.plusSeconds(1));
        work = exchange -> exchange.getMessage().setBody("x".repeat(500_000));
        send(first, "b", "pay");
        send(first, "a", "pay");
        assertThat(send(first, "a", "pay").getException()).isInstanceOf(ResultNotStoredException.class);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "SLOW_ANSWER")
    void eachFaultLeavesWorkDoneOnceAndItsResult(Fault fault) {
        for (String id : List.of("a", "b")) {
            works.set(0);
            first.plan.next(id.equals("a") ? new Fault[] {fault} : new Fault[] {Fault.NONE, fault});

            assertThat(result(send(first, id, "pay"))).isEqualTo("done 1");
            assertThat(result(send(second, id, "pay"))).isEqualTo("done 1");
            first.http.settle();
            assertThat(result(send(second, id, "pay"))).isEqualTo("done 1");
            assertThat(works).hasValue(1);
        }
    }

    @Test
    void resultIsStoredLaterIfItsConfirmGotNoResponse() {
        work = exchange -> {
            first.http.cut();
            exchange.getMessage().setBody("done 1");
        };

        assertThat(send(first, "pay").getException()).isNotNull();
        first.http.heal();
        assertThat(send(second, "pay").getException()).isInstanceOf(IdempotencyInProgressException.class);
        first.repository.renewDue();

        StateTests.await().until(() -> send(second, "pay").getException() == null);
        assertThat(result(send(second, "pay"))).isEqualTo("done 1");
        assertThat(works).hasValue(1);
    }

    @Test
    void resultIsStoredThoughTheServiceWasOutForLongerThanTheLease() {
        work = exchange -> {
            first.http.cut();
            exchange.getMessage().setBody("done 1");
        };
        assertThat(send(first, "pay").getException()).isNotNull();
        first.http.heal();

        clock.advance(IdempotentNode.LEASE.plusMinutes(10));
        first.renewUntilConfirmed();

        assertThat(result(send(second, "pay"))).isEqualTo("done 1");
        assertThat(works).hasValue(1);
    }

    @Test
    void addWithoutResponseIsRecognisedWhenTheRouteIsRedelivered() throws Exception {
        first.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(SdkClientException.class).maximumRedeliveries(1).redeliveryDelay(0);
                from("direct:redelivered").process(once(first));
            }
        });
        first.plan.next(Collections.nCopies(4, Fault.LOSE_RESPONSE).toArray(Fault[]::new));

        Exchange one = first.context
                .createProducerTemplate()
                .send("direct:redelivered", exchange -> exchange.getMessage().setHeader("id", "a"));

        assertThat(result(one)).isEqualTo("done 1");
        assertThat(one.getMessage().getHeader(Exchange.REDELIVERED))
                .as("it got no response at first")
                .isEqualTo(true);
        assertThat(works).hasValue(1);
    }

    @Test
    void yamlRouteNamesItAsAProcessor() throws Exception {
        second.context.getRegistry().bind("processed", second.repository);
        String yaml = """
                - beans:
                    - name: charge
                      type: io.dynastore.camel.state.DynaStoreOnce
                      properties:
                        repository: "#bean:processed"
                        uri: direct:work
                        key: "${header.id}"
                        payloadCheck: true
                        inFlightWait: 5s
                        payloadFormat: text
                - route:
                    from:
                      uri: direct:yaml
                      steps:
                        - process:
                            ref: charge
                """;
        PluginHelper.getRoutesLoader(second.context).loadRoutes(ResourceHelper.fromString("once.yaml", yaml));

        for (int i = 0; i < 2; i++) {
            assertThat(second.context.createProducerTemplate().requestBodyAndHeader("direct:yaml", "pay", "id", "a"))
                    .isEqualTo("done 1");
        }
    }

    @Test
    void messageWithoutKeyIsRefusedBeforeAnythingIsSent() {
        Exchange refused = send(first, "", "pay");

        assertThat(refused.getException())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, "${header.id}");
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void missingSettingsFailTheStart() {
        DynaStoreOnce none = new DynaStoreOnce();
        none.setCamelContext(first.context);
        assertThatThrownBy(none::start).hasStackTraceContaining("needs a repository, the uri of the work and a key");

        DynaStoreIdempotentRepository forgetful = new DynaStoreIdempotentRepository();
        forgetful.setTableName(table);
        forgetful.setName("forgetful");
        forgetful.setDynamoDbAsyncClient(first.repository.getDynamoDbAsyncClient());
        DynaStoreOnce once = once(first);
        once.setRepository(forgetful);
        assertThatThrownBy(once::start).hasStackTraceContaining("set storeResult=true");
    }
}
