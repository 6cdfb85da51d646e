/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pollEnrich takes one item at a time. */
class PollEnrichTest extends ConsumerContract {

    private @Nullable Object poll(String options) throws Exception {
        return send(route((builder, from) -> from.pollEnrich(store(options), 0)), null, Map.of())
                .getMessage()
                .getBody();
    }

    @Test
    void takesOneItemByOneRequest() throws Exception {
        givenItems("customer", 3);
        String options = "partitionKeys=customer&resume=memory";

        assertThat(poll(options)).isEqualTo("v1");
        assertThat(sent()).containsExactly("Query");
        assertThat(HTTP.requests().get(0).request().path("Limit").asInt()).isEqualTo(1);
        assertThat(poll(options)).isEqualTo("v2");
        assertThat(poll(options)).isEqualTo("v3");
        assertThat(poll(options)).isNull();
    }

    @Test
    void takesThePartitionsOneAfterTheOther() throws Exception {
        givenItems("customer", 2);
        given("order", "01", "o1");
        String options = "partitionKeys=customer,order,none";

        assertThat(Stream.of(poll(options), poll(options), poll(options), poll(options), poll(options)))
                .containsExactly("v1", "v2", "o1", null, "v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&resume=memory", "&resume=table&resumeId=mine"})
    void deletesTheItemWhenTheExchangeThatTookItEnds(String resume) throws Exception {
        givenItems("customer", 2);
        List<Integer> during = new CopyOnWriteArrayList<>();
        String in = route((builder, from) -> from.pollEnrich(store("partitionKeys=customer&onSuccess=delete" + resume))
                .process(exchange -> during.add(stored().size())));

        send(in, null, Map.of());
        await().until(() -> stored("customer", "01").isEmpty());

        assertThat(during).singleElement().isNotEqualTo(1);
        assertThat(stored("customer", "02")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=memory", "resume=table&resumeId=mine", "onSuccess=delete"})
    void givesTheItemOfAFailedExchangeAgain(String options) throws Exception {
        givenItems("customer", 1);
        List<Object> bodies = new CopyOnWriteArrayList<>();
        String in =
                route((builder, from) -> from.pollEnrich(store("delay=10&partitionKeys=customer&" + options), 20_000)
                        .process(exchange -> {
                            bodies.add(exchange.getMessage().getBody());
                            if (bodies.size() < 3) {
                                throw new IllegalStateException("twice");
                            }
                        }));

        send(in, null, Map.of());
        send(in, null, Map.of());
        done(send(in, null, Map.of()));

        assertThat(bodies).containsExactly("v1", "v1", "v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=memory", "onSuccess=delete"})
    void givesAnItemInFlightToNoOtherExchange(String options) throws Exception {
        givenItems("customer", 1);
        String uri = store("partitionKeys=customer&delay=10&" + options);
        Gate gate = new Gate("customer/01");
        String in = route((builder, from) -> from.pollEnrich(uri).process(gate));
        CompletableFuture<Exchange> first = CompletableFuture.supplyAsync(() -> send(in, null, Map.of()));
        gate.awaitReached();

        try (ConsumerTemplate other = context.createConsumerTemplate()) {
            assertThat(other.receiveBodyNoWait(uri)).isNull();
            assertThat(other.receiveBody(uri, 50)).isNull();
            gate.open();
            done(first.get(20, TimeUnit.SECONDS));
            givenItems("customer", 2, 2);
            assertThat(other.receiveBody(uri, 20_000)).isEqualTo("v2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=memory", "onSuccess=delete", "onSuccess=delete&resume=memory"})
    void sharesTheItemsAmongConcurrentExchanges(String options) throws Exception {
        List<String> partitions = List.of("a", "b", "c");
        partitions.forEach(partition -> givenItems(partition, 5));
        String in = route((builder, from) -> from.pollEnrich(store("partitionKeys=a,b,c&delay=10&" + options), 20_000)
                .delay(2)
                .asyncDelayed()
                .end()
                .process(exchange -> delivered.add(name(exchange))));

        CompletableFuture<?>[] all = IntStream.range(0, 15)
                .mapToObj(number -> template.asyncSend(in, exchange -> {}))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).get(20, TimeUnit.SECONDS);

        assertThat(delivered).doesNotHaveDuplicates().hasSize(15);
        if (options.contains("resume")) {
            partitions.forEach(partition -> assertThat(delivered.stream().filter(name -> name.startsWith(partition)))
                    .containsExactlyElementsOf(names(partition, 1, 5)));
        }
    }

    @Test
    void waitsForItsTimeout() throws Exception {
        String uri = store("partitionKeys=customer&delay=10&resume=memory");
        try (ConsumerTemplate template = context.createConsumerTemplate()) {
            assertThat(template.receiveBodyNoWait(uri)).isNull();
            assertThat(template.receiveBody(uri, 30)).isNull();
            CompletableFuture<Object> waiting = CompletableFuture.supplyAsync(() -> template.receiveBody(uri));
            givenItems("customer", 1);
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("v1");
        }
    }

    @Test
    void givesAnItemAgainIfItsAggregationFails() throws Exception {
        givenItems("customer", 1);
        String uri = store("partitionKeys=customer&delay=10&resume=memory");
        String failing = route((builder, from) -> from.pollEnrich(uri, 1000, (original, resource) -> {
            throw new IllegalStateException("on purpose");
        }));
        assertThat(send(failing, null, Map.of()).getException()).hasStackTraceContaining("on purpose");

        try (ConsumerTemplate template = context.createConsumerTemplate()) {
            await().untilAsserted(() -> {
                System.gc();
                assertThat(template.receiveBodyNoWait(uri)).isEqualTo("v1");
            });
        }
    }

    @Test
    void failedReadGoesToTheErrorHandler() throws Exception {
        given("_ds/position/mine", "customer", "rubbish");
        List<String> handled = new CopyOnWriteArrayList<>();
        String in = route((builder, from) -> from.onException(Exception.class)
                .handled(true)
                .process(exchange -> handled.add(
                        Objects.requireNonNull(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)
                                        .getCause())
                                .getMessage()))
                .end()
                .pollEnrich(store("partitionKeys=customer&resume=table&resumeId=mine"), 0));

        done(send(in, null, Map.of()));

        assertThat(handled).singleElement().asString().contains(table, "_ds/position/mine", "resumeId");
    }

    @Test
    void needsAResumeIdForPositionsInATable() throws Exception {
        Exchange exchange = send(
                route((builder, from) -> from.pollEnrich(store("partitionKeys=customer&resume=table"), 0)),
                null,
                Map.of());

        assertThat(exchange.getException())
                .hasRootCauseInstanceOf(InvalidInputException.class)
                .hasStackTraceContaining("resumeId");
    }

    @Test
    void continuesBehindItsPositionAfterARestart() throws Exception {
        givenItems("customer", 3);
        String options = "partitionKeys=customer&resume=table&resumeId=mine";
        assertThat(poll(options)).isEqualTo("v1");
        await().until(() ->
                !dynamo.rawGet(table, key("_ds/position/mine", "customer")).isEmpty());

        try (DefaultCamelContext other = new DefaultCamelContext()) {
            configure(other);
            other.start();
            assertThat(other.createConsumerTemplate().receiveBodyNoWait(store(options)))
                    .isEqualTo("v2");
        }
    }
}
