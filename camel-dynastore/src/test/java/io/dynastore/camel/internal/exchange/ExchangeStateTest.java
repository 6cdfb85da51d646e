/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.VersionConflictException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.SagaCompletionMode;
import org.apache.camel.processor.aggregate.UseLatestAggregationStrategy;
import org.apache.camel.saga.InMemorySagaService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state of an exchange follows its copies, and is never that of another exchange. */
class ExchangeStateTest extends RouteContract {

    private static final String A = "partitionKey=customer&sortKey=a&operation=";
    private static final String B = "partitionKey=customer&sortKey=b&operation=";
    private static final String QUEUE = "seda:other?waitForTaskToComplete=Never";

    private void theirs(Exchange exchange) {
        dynamo.rawPut(table, item("customer", "a", "theirs", 7));
    }

    private void assertLostUpdateIsRefused(Exchange exchange) {
        Throwable error = exchange.getException();
        while (error != null && error.getCause() != null) {
            error = error.getCause();
        }
        assertThat(error).isInstanceOf(VersionConflictException.class);
        assertThat(stored("customer", "a")).containsEntry("payload", text("theirs"));
    }

    private static ProcessorDefinition<?> take(ProcessorDefinition<?> from, String step, String uri) {
        return step.equals("poll") ? from.poll(uri, 10_000) : from.pollEnrich(uri, 10_000);
    }

    /** An exchange that has worked on items and locks of its own arrives in the queue. */
    private void another(String... uris) throws Exception {
        done(send(route((builder, from) -> from.to(uris).to(ExchangePattern.InOnly, QUEUE)), "another", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pollEnrich", "poll"})
    void takingInAnotherExchangeKeepsTheVersionsThatWereSeen(String step) throws Exception {
        given("customer", "a", "old");
        given("customer", "b", "old");
        another(store(B + "get"));

        assertLostUpdateIsRefused(send(
                route((builder, from) -> take(from.to(store(A + "get")), step, "seda:other")
                        .process(this::theirs)
                        .setBody(builder.constant("mine"))
                        .to(store(A + "update"))),
                null,
                Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pollEnrich", "poll"})
    void takingInAnotherExchangeBringsNoneOfItsVersions(String step) throws Exception {
        given("customer", "a", "old");
        another(store(A + "get"));

        Exchange exchange = send(
                route((builder, from) -> take(from, step, "seda:other")
                        .process(this::theirs)
                        .setBody(builder.constant("mine"))
                        .to(store(A + "update"))),
                null,
                Map.of());

        done(exchange);
        assertThat(stored("customer", "a")).isEqualTo(item("customer", "a", "mine", 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pollEnrich", "poll"})
    void takingInAnItemKeepsTheVersionsThatWereSeenAndAddsItsOwn(String step) throws Exception {
        given("customer", "a", "old");
        given("polled", "p", "old");
        String in = route((builder, from) -> take(from.to(store(A + "get")), step, store("partitionKeys=polled"))
                .process(exchange -> dynamo.rawPut(table, item("polled", "p", "theirs", 5)))
                .setBody(builder.constant("mine"))
                .doTry()
                .to(store("operation=update"))
                .doCatch(VersionConflictException.class)
                .end()
                .process(this::theirs)
                .to(store(A + "update")));

        assertLostUpdateIsRefused(send(in, null, Map.of()));
        assertThat(stored("polled", "p")).isEqualTo(item("polled", "p", "theirs", 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pollEnrich", "poll"})
    void resultsOfAnEarlierOperationDoNotStandBesideTheKeysOfAnItemThatIsTakenIn(String step) throws Exception {
        Map<String, software.amazon.awssdk.services.dynamodb.model.AttributeValue> expiring =
                item("customer", "a", "old", 3);
        expiring.put("expires", number(Instant.now().getEpochSecond() + 1000));
        dynamo.rawPut(table, expiring);
        given("polled", "p", "old");

        Exchange exchange = send(
                route((builder, from) -> take(from.to(store(A + "get")), step, store("partitionKeys=polled"))),
                null,
                Map.of());

        assertThat(done(exchange).getHeaders())
                .containsEntry(DynaStoreConstants.PARTITION_KEY, "polled")
                .containsEntry(DynaStoreConstants.VERSION, 1L)
                .doesNotContainKeys(
                        DynaStoreConstants.EXPIRES, DynaStoreConstants.FOUND, DynaStoreConstants.CONSUMED_CAPACITY);
    }

    @Test
    void statesOfOthersAreRemovedByTheNextOperation() throws Exception {
        given("customer", "a", "old");
        for (int i = 0; i < 5; i++) {
            another(store(A + "get"));
        }

        Exchange exchange = send(
                route((builder, from) ->
                        from.loop(5).pollEnrich("seda:other", 10_000).end().to(store(A + "get"))),
                null,
                Map.of());

        done(exchange);
        assertThat(exchange.getProperties().values())
                .filteredOn(ExchangeState.class::isInstance)
                .hasSize(1);
    }

    @Test
    void enrichWithoutStrategyBringsWhatItsCopyHasSeen() throws Exception {
        given("customer", "a", "old");

        assertLostUpdateIsRefused(send(
                route((builder, from) -> from.enrich(store(A + "get"))
                        .process(this::theirs)
                        .setBody(builder.constant("mine"))
                        .to(store(A + "update"))),
                null,
                Map.of()));
    }

    @Test
    void enrichThatKeepsTheOriginalNeedsTheExpectedVersionOfItsCopy() throws Exception {
        given("customer", "a", "old");
        AggregationStrategy keeping = (original, resource) -> {
            original.getMessage()
                    .setHeader(
                            DynaStoreConstants.EXPECTED_VERSION,
                            resource.getMessage().getHeader(DynaStoreConstants.VERSION));
            return original;
        };

        assertLostUpdateIsRefused(send(
                route((builder, from) -> from.enrich(store(A + "get"), keeping)
                        .process(this::theirs)
                        .to(store(A + "update"))),
                "mine",
                Map.of()));
    }

    @Test
    void recipientListKnowsTheVersionReadBefore() throws Exception {
        given("customer", "a", "old");

        assertLostUpdateIsRefused(send(
                route((builder, from) -> from.to(store(A + "get"))
                        .process(this::theirs)
                        .setBody(builder.constant("mine"))
                        .recipientList(builder.constant(store(A + "update")), ";")
                        .stopOnException()),
                null,
                Map.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void loopKnowsTheVersionReadBeforeAndLeavesItsOwn(boolean copy) throws Exception {
        given("customer", "a", "old");

        Exchange exchange = send(
                route((builder, from) -> {
                    var loop = from.to(store(A + "get")).loop(1);
                    (copy ? loop.copy() : loop)
                            .to(store(A + "update"))
                            .end()
                            .to(store(A + "update"))
                            .process(this::theirs)
                            .to(store(A + "update"));
                }),
                null,
                Map.of());

        assertLostUpdateIsRefused(exchange);
        assertThat(exchange.getException(VersionConflictException.class).expected())
                .isEqualTo(3);
    }

    @Test
    void aggregateContinuesWithTheStateOfTheExchangeThatItsStrategyReturns() throws Exception {
        given("customer", "a", "old");
        CompletableFuture<Exchange> end = new CompletableFuture<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(VersionConflictException.class).handled(true).process(end::complete);
                from("direct:aggregated")
                        .process(ExchangeStateTest.this::theirs)
                        .setBody(constant("mine"))
                        .to(store(A + "update"))
                        .process(end::complete);
            }
        });
        String in = route((builder, from) -> from.to(store(A + "get"))
                .aggregate(builder.constant(true), new UseLatestAggregationStrategy())
                .completionSize(1)
                .to("direct:aggregated"));

        done(send(in, null, Map.of()));

        assertThat(end.get(10, TimeUnit.SECONDS).getProperty(Exchange.EXCEPTION_CAUGHT))
                .isInstanceOf(VersionConflictException.class);
    }

    @Test
    void redeliveryAndErrorHandlerContinueWithTheStateOfTheFailedStep() throws Exception {
        given("customer", "a", "old");
        AtomicInteger tries = new AtomicInteger();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:sub").errorHandler(noErrorHandler()).process(exchange -> {
                    done(template.send(store(A + "exists"), exchange));
                    if (tries.incrementAndGet() == 1) {
                        throw new IllegalStateException("once");
                    }
                    theirs(exchange);
                    throw new IllegalArgumentException("for the error handler");
                });
            }
        });
        String in = route((builder, from) -> from.onException(IllegalStateException.class)
                .maximumRedeliveries(1)
                .redeliveryDelay(0)
                .end()
                .onException(IllegalArgumentException.class)
                .handled(true)
                .setBody(builder.constant("mine"))
                .to(store(A + "update"))
                .end()
                .to("direct:sub"));

        assertLostUpdateIsRefused(send(in, null, Map.of()));
        assertThat(tries).hasValue(2);
    }

    @Test
    void sagaKnowsTheVersionReadBefore() throws Exception {
        context.addService(new InMemorySagaService());
        given("customer", "a", "old");

        assertLostUpdateIsRefused(send(
                route((builder, from) -> from.to(store(A + "get"))
                        .saga()
                        .completionMode(SagaCompletionMode.AUTO)
                        .process(this::theirs)
                        .setBody(builder.constant("mine"))
                        .to(store(A + "update"))),
                null,
                Map.of()));
    }
}
