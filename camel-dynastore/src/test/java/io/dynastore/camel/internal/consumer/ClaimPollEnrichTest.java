/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.LogFile;
import io.dynastore.store.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.PollingConsumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A pollEnrich claims one item at a time. */
class ClaimPollEnrichTest extends ConsumerContract {

    private static final String QUEUE = "partitionKeys=email&claim=true&onSuccess=delete&delay=10";

    private Map<String, AttributeValue> raw(String name) {
        return dynamo.rawGet(table, key("email", name));
    }

    @Test
    void claimsOneItemAndDeletesItWhenTheExchangeEnds() throws Exception {
        givenItems("email", 1);
        List<Map<String, AttributeValue>> during = new CopyOnWriteArrayList<>();
        List<Exchange> seen = new CopyOnWriteArrayList<>();
        String in =
                route((builder, from) -> from.pollEnrich(store(QUEUE), 20_000).process(exchange -> {
                    seen.add(exchange.copy());
                    during.add(raw("01"));
                }));

        done(send(in, null, Map.of()));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(during).singleElement().satisfies(item -> assertThat(item).containsKey("_dsqh"));
        assertThat(seen).singleElement().satisfies(exchange -> assertThat(
                        exchange.getMessage().getHeaders())
                .containsEntry(DynaStoreConstants.DELIVERY_COUNT, 1L)
                .containsEntry(DynaStoreConstants.VERSION, 2L)
                .containsKey(DynaStoreConstants.FENCING_TOKEN));
    }

    @Test
    void itemThatIsTooLargeToBeClaimedIsLoggedOnceAndFailsNoExchange(@TempDir Path folder) throws Exception {
        dynamo.rawPut(table, item("email", "01", "x".repeat(400 * 1024 - 100), 1));
        given("email", "02", "hello");
        String in = route((builder, from) -> from.pollEnrich(store(QUEUE + "&pageSize=1"), 0));
        try (LogFile log = LogFile.in(folder)) {
            assertThat(done(send(in, null, Map.of())).getBody()).isEqualTo("hello");
            await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).hasSize(1));

            HTTP.clear();
            // A poll may begin behind it, where the one before has ended.
            await().until(() -> {
                assertThat(done(send(in, null, Map.of())).getBody()).isNull();
                return updates() >= 3;
            });
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN") && line.contains("key [email, 01]"))
                    .singleElement(as(InstanceOfAssertFactories.STRING))
                    .contains("Table " + table, "can't be claimed");
            assertThat(Files.readString(log.file()))
                    .contains("since it is too large")
                    .doesNotContain("xxxx");
        }
    }

    private static long updates() {
        return HTTP.requests().stream()
                .filter(request -> request.operation().equals("UpdateItem"))
                .count();
    }

    @Test
    void consumerOfAStoppedEndpointClaimsNothing() throws Exception {
        givenItems("email", 1);
        Endpoint endpoint = context.getEndpoint(store(QUEUE));
        PollingConsumer consumer = endpoint.createPollingConsumer();
        consumer.start();
        endpoint.stop();

        assertThatThrownBy(consumer::receiveNoWait).hasStackTraceContaining("Start it again");
        assertThat(raw("01")).doesNotContainKey("_dsqh");
        consumer.stop();
    }

    /** If threads ask for a new endpoint at the same time, Camel makes several, and stops only one of them. */
    @Test
    void pollerOfAnEndpointThatNobodyStopsEndsWithItsComponent() throws Exception {
        givenItems("email", 1);
        Endpoint forgotten = context.getComponent("dynastore").createEndpoint(store(QUEUE));
        forgotten.start();
        PollingConsumer consumer = forgotten.createPollingConsumer();
        consumer.start();
        context.getComponent("dynastore").stop();

        assertThatThrownBy(consumer::receiveNoWait).hasStackTraceContaining("Start it again");
        assertThat(raw("01")).doesNotContainKey("_dsqh");
        consumer.stop();
        forgotten.stop();
    }

    @Test
    void isEmptyIfNothingCanBeClaimed() throws Exception {
        done(through("v", Map.of(), store("operation=create&partitionKey=email&sortKey=01&deliverAfter=1h")));

        Exchange exchange = send(route((builder, from) -> from.pollEnrich(store(QUEUE), 0)), "before", Map.of());

        assertThat(done(exchange).getBody()).isNull();
        assertThat(raw("01")).doesNotContainKey("_dsqh");
    }

    @Test
    void failedExchangeFreesItsItemWithTheDelayOfTheRoute() throws Exception {
        givenItems("email", 1);
        String in = route((builder, from) -> from.pollEnrich(store(QUEUE), 20_000)
                .setHeader(DynaStoreConstants.RETRY_DELAY, builder.constant("1h"))
                .throwException(new IllegalStateException("no mail today")));

        failure(send(in, null, Map.of()), IllegalStateException.class);

        await().untilAsserted(() -> assertThat(raw("01")).doesNotContainKey("_dsqh"));
        assertThat(Long.parseLong(Objects.requireNonNull(raw("01").get("_dsqf")).n()))
                .isGreaterThan(System.currentTimeMillis() + 3_500_000);
    }

    @Test
    void rejectedItemIsDead() throws Exception {
        givenItems("email", 1);
        String in = route((builder, from) ->
                from.pollEnrich(store(QUEUE), 20_000).setHeader(DynaStoreConstants.REJECT, builder.constant(true)));

        done(send(in, null, Map.of()));

        await().untilAsserted(() -> assertThat(raw("01")).containsKey("_dsqd"));
    }

    @Test
    void manyExchangesTakeEachItemOnce() throws Exception {
        givenItems("email", 12);
        List<Object> bodies = new CopyOnWriteArrayList<>();
        String in = route((builder, from) -> from.pollEnrich(store(QUEUE), 20_000)
                .process(exchange -> bodies.add(exchange.getMessage().getBody())));

        CompletableFuture.allOf(IntStream.range(0, 12)
                        .mapToObj(number -> template.asyncSend(in, exchange -> {}))
                        .toArray(CompletableFuture[]::new))
                .get(20, TimeUnit.SECONDS);

        assertThat(bodies).hasSize(12).doesNotHaveDuplicates();
        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
    }

    @Test
    void itemOfAnExchangeInFlightIsSettledAfterItsEndpointHasStopped() throws Exception {
        givenItems("email", 1);
        String uri = store(QUEUE);
        String in = route((builder, from) -> from.pollEnrich(uri, 20_000)
                .process(exchange -> context.getEndpoint(uri).stop()));

        done(send(in, null, Map.of()));

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"claimTtl=2s", "claimIndex=none", "deadPartition=email"})
    void badInputIsRefused(String option) throws Exception {
        Exchange exchange =
                send(route((builder, from) -> from.pollEnrich(store(QUEUE + "&" + option), 0)), "any", Map.of());

        assertThat(exchange.getException()).hasRootCauseInstanceOf(InvalidInputException.class);
    }
}
