/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.processor.aggregate.OptimisticLockRetryPolicy;
import org.apache.camel.spi.OptimisticLockingAggregationRepository;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Camel's memory repository does, and so what each aggregation repository has to do on one node. */
abstract class AggregationRepositoryContract {

    final DefaultCamelContext context = new DefaultCamelContext();
    OptimisticLockingAggregationRepository repository;

    /** A repository without groups, for {@link #context}. */
    abstract OptimisticLockingAggregationRepository create();

    @BeforeEach
    void start() throws Exception {
        repository = create();
        context.getShutdownStrategy().setTimeout(5);
        context.addService(repository);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void unknownKeyHasNoGroup() {
        assertThat(repository.get(context, "a")).isNull();
        assertThat(repository.getKeys()).isEmpty();
    }

    @Test
    void groupIsAsItWasAdded() {
        Exchange exchange = message("hello");
        exchange.getMessage().setHeader("number", 7);
        exchange.setProperty("colour", "red");
        exchange.setVariable("shape", List.of(1, 2L, "three"));
        repository.add(context, "a", null, exchange);

        Exchange read = Objects.requireNonNull(repository.get(context, "a"));

        assertThat(read.getExchangeId()).isEqualTo(exchange.getExchangeId());
        assertThat(read.getMessage().getBody()).isEqualTo("hello");
        assertThat(read.getMessage().getHeader("number")).isEqualTo(7);
        assertThat(read.getProperty("colour")).isEqualTo("red");
        assertThat(read.getVariable("shape")).isEqualTo(List.of(1, 2L, "three"));
        assertThat(repository.getKeys()).containsExactly("a");
    }

    @Test
    void secondFirstMessageIsAConflict() {
        repository.add(context, "a", null, message("1"));

        assertThatThrownBy(() -> repository.add(context, "a", null, message("2")))
                .isInstanceOf(OptimisticLockingException.class);
        assertThat(Objects.requireNonNull(repository.get(context, "a"))
                        .getMessage()
                        .getBody())
                .isEqualTo("1");
    }

    @Test
    void addToWhatHasChangedIsAConflict() {
        Exchange first = message("1");
        repository.add(context, "a", null, first);
        Exchange second = message("2");
        repository.add(context, "a", first, second);

        assertThatThrownBy(() -> repository.add(context, "a", first, message("3")))
                .isInstanceOf(OptimisticLockingException.class);
        repository.add(context, "a", second, message("4"));
        assertThat(Objects.requireNonNull(repository.get(context, "a"))
                        .getMessage()
                        .getBody())
                .isEqualTo("4");
    }

    @Test
    void groupIsRemovedOnce() {
        repository.add(context, "a", null, message("1"));
        Exchange exchange = repository.get(context, "a");

        repository.remove(context, "a", exchange);

        assertThat(repository.get(context, "a")).isNull();
        assertThat(repository.getKeys()).isEmpty();
        assertThatThrownBy(() -> repository.remove(context, "a", exchange))
                .isInstanceOf(OptimisticLockingException.class);
        repository.confirm(context, exchange.getExchangeId());
    }

    @Test
    void keyOfACompletedGroupBeginsANewOne() {
        for (int i = 0; i < 3; i++) {
            repository.add(context, "a", repository.get(context, "a"), message("1"));
            Exchange exchange = repository.get(context, "a");
            repository.remove(context, "a", exchange);
            repository.confirm(context, exchange.getExchangeId());
        }
        assertThat(repository.get(context, "a")).isNull();
    }

    @Test
    void sizeCompletesAGroup() throws Exception {
        route(aggregate -> aggregate.completionSize(3));
        expect("1,2,3", "4,5,6");

        send("1", "2", "3", "4", "5", "6");

        assertCompleted("size");
    }

    @Test
    void predicateCompletesAGroup() throws Exception {
        route(aggregate -> aggregate.completionPredicate(
                each -> each.getMessage().getBody(String.class).endsWith("end")));
        expect("1,2,end");

        send("1", "2", "end");

        assertCompleted("predicate");
    }

    @Test
    void timeOutCompletesAGroup() throws Exception {
        route(aggregate -> aggregate.completionTimeout(300).completionTimeoutCheckerInterval(20));
        expect("1,2");

        send("1", "2");

        assertCompleted("timeout");
    }

    @Test
    void intervalCompletesAllGroups() throws Exception {
        route(aggregate -> aggregate.completionInterval(500));
        out().expectedMessageCount(2);

        sendTo("a", "1");
        sendTo("b", "2");

        assertCompleted("interval");
    }

    @Test
    void forcedMessageCompletesAllGroups() throws Exception {
        route(aggregate -> aggregate.completionSize(100));
        out().expectedBodiesReceivedInAnyOrder("1,2", "3");
        sendTo("a", "1");
        sendTo("a", "2");
        sendTo("b", "3");

        context.createProducerTemplate()
                .sendBodyAndHeader("direct:in", "now", Exchange.AGGREGATION_COMPLETE_ALL_GROUPS, true);

        assertCompleted("force");
    }

    @Test
    void stopCompletesAllGroupsIfItIsTo() throws Exception {
        route(aggregate -> aggregate.completionSize(100).forceCompletionOnStop());
        expect("1,2");
        send("1", "2");

        context.getRouteController().stopRoute("in");

        assertCompleted("force");
    }

    @Test
    void messagesOfManyThreadsAreAllCompleted() throws Exception {
        route(aggregate -> aggregate.completionSize(10));
        out().expectedMessageCount(16);
        AtomicInteger next = new AtomicInteger();

        IdempotentRepositoryContract.concurrently(8, () -> {
            int thread = next.getAndIncrement();
            for (int i = 0; i < 20; i++) {
                sendTo("key-" + i % 4, thread + "-" + i);
            }
            return true;
        });

        assertCompleted("size");
        assertThat(out().getExchanges().stream()
                        .flatMap(each ->
                                List.of(each.getMessage().getBody(String.class).split(",")).stream()))
                .hasSize(160)
                .doesNotHaveDuplicates();
    }

    private Exchange message(String body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    /** The completion of the route's aggregator. */
    @FunctionalInterface
    interface Completion {
        AggregateDefinition on(AggregateDefinition aggregate);
    }

    private void route(Completion completion) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                completion
                        .on(from("direct:in")
                                .routeId("in")
                                .aggregate(header("key"), new Joining())
                                .aggregationRepository(repository)
                                .optimisticLocking()
                                .optimisticLockRetryPolicy(new OptimisticLockRetryPolicy()
                                        .maximumRetries(0)
                                        .retryDelay(5)))
                        .to("mock:out");
            }
        });
    }

    private MockEndpoint out() {
        MockEndpoint out = context.getEndpoint("mock:out", MockEndpoint.class);
        out.setResultWaitTime(60_000);
        return out;
    }

    private void expect(String... bodies) {
        out().expectedBodiesReceived(List.of((Object[]) bodies));
    }

    private void send(String... bodies) {
        for (String body : bodies) {
            sendTo("a", body);
        }
    }

    private void sendTo(String key, String body) {
        context.createProducerTemplate().sendBodyAndHeader("direct:in", body, "key", key);
    }

    private void assertCompleted(@Nullable String by) throws InterruptedException {
        out().assertIsSatisfied();
        assertThat(out().getExchanges())
                .allSatisfy(each -> assertThat(each.getProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY))
                        .isEqualTo(by));
        StateTests.await().untilAsserted(() -> assertThat(repository.getKeys()).isEmpty());
    }
}
