/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.ItemStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;

/** The end of a streamed list, which comes with its exchange. */
class StreamingListEndTest extends StreamingListContract {

    @Test
    void completedExchangeHasClosedItsStream() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in").to(list));

        assertThat(exchange.getException()).isNull();
        assertClosed(exchange);
        assertThat(gate.sent()).isEqualTo(1);
    }

    @Test
    void failedExchangeHasClosedItsStream() throws Exception {
        Exchange exchange = run(
                routes -> routes.from("direct:in").to(list).throwException(new IllegalStateException("on purpose")));

        assertThat(exchange.getException()).hasMessage("on purpose");
        assertClosed(exchange);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void splitThatStopsOnAnExceptionReadsNoFurther(boolean parallel) throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in")
                .to(list)
                .split(routes.body())
                .streaming()
                .parallelProcessing(parallel)
                .stopOnException()
                .process(this::note)
                .process(this::failAtTheFifth));

        assertThat(exchange.getException()).hasStackTraceContaining("the fifth");
        assertReadingHasStopped();
        if (!parallel) {
            assertThat(seen).hasSize(5);
            assertThat(gate.sent()).isEqualTo(3);
        }
    }

    /** Camel 4.18 and 4.22 read the iterator of such a split to its end. */
    @ParameterizedTest
    @ValueSource(strings = {"handled", "stops", "rolls back", "rolls back last"})
    void splitThatStopsWithoutAFailureReadsNoFurther(String how) throws Exception {
        Exchange exchange = run(routes -> {
            routes.onException(IllegalStateException.class).handled("handled".equals(how));
            routes.from("direct:in")
                    .to(list)
                    .split(routes.body())
                    .streaming()
                    .stopOnException()
                    .process(this::note)
                    .process(one -> stopAtTheFifth(one, how));
        });

        assertThat(exchange.getException()).isNull();
        assertThat(seen).hasSize(5);
        assertThat(gate.sent()).isEqualTo(3);
    }

    private void stopAtTheFifth(Exchange exchange, String how) {
        if (seen.size() >= 5) {
            switch (how) {
                case "stops" -> exchange.setRouteStop(true);
                case "rolls back" -> exchange.setRollbackOnly(true);
                case "rolls back last" -> exchange.setRollbackOnlyLast(true);
                default -> throw new IllegalStateException("handled");
            }
        }
    }

    @Test
    void streamOfAnErrorHandlerIsReadToItsEnd() throws Exception {
        run(routes -> {
            routes.onException(IllegalStateException.class)
                    .handled(true)
                    .to(list)
                    .split(routes.body())
                    .streaming()
                    .process(this::note);
            routes.from("direct:in").throwException(new IllegalStateException("on purpose"));
        });

        assertThat(seen).containsExactlyElementsOf(names(0, ITEMS));
    }

    @Test
    void routeThatStopsDuringAnIterationReadsNoFurther() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in").to(list).process(one -> {
            ItemStream items = one.getMessage().getBody(ItemStream.class);
            seen.add(String.valueOf(items.next().key().sortKey()));
            one.setRouteStop(true);
        }));

        assertThat(exchange.getException()).isNull();
        assertClosed(exchange);
        assertThat(gate.sent()).isEqualTo(2);
    }

    @Test
    void stopAfterTheListReadsNoFurther() throws Exception {
        LambdaRouteBuilder routes = builder -> builder.from("direct:in")
                .to(list)
                .stop()
                .split(builder.body())
                .streaming()
                .process(this::note);

        assertClosed(run(routes));
        assertThat(gate.sent()).isEqualTo(1);
    }

    @Test
    void filterThatPassesNothingReadsNoFurther() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in")
                .to(list)
                .filter(routes.constant(false))
                .split(routes.body())
                .streaming()
                .process(this::note));

        assertThat(exchange.getException()).isNull();
        assertClosed(exchange);
        assertThat(gate.sent()).isEqualTo(1);
    }

    @Test
    void errorOfALaterPageIsTheErrorOfTheSplit() throws Exception {
        gate.fail(3, InternalServerErrorException.builder().message("broken").build());

        Exchange exchange = run(routes -> routes.from("direct:in")
                .onException(InternalServerErrorException.class)
                .handled(true)
                .process(failed -> seen.add("handled"))
                .end()
                .to(list)
                .split(routes.body())
                .streaming()
                .process(this::note));

        // The split looks one item ahead, so that the error comes before the sixth item is passed on.
        assertThat(seen).containsExactly("00", "01", "02", "03", "04", "handled");
        assertThat(exchange.getException()).isNull();
    }

    @Test
    void sedaTakesOverTheStreamWithTheExchange() throws Exception {
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        CompletableFuture<Void> returned = new CompletableFuture<>();

        run(routes -> {
            routes.from("direct:in").to(list).to("seda:on?waitForTaskToComplete=Never");
            routes.from("seda:on")
                    .process(exchange -> returned.get(10, TimeUnit.SECONDS))
                    .split(routes.body())
                    .streaming()
                    .process(this::note)
                    .end()
                    .process(exchange -> read.complete(true));
        });
        returned.complete(null);

        assertThat(read.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).containsExactlyElementsOf(names(0, ITEMS));
    }

    @Test
    void enrichmentMayBeAStream() throws Exception {
        Exchange exchange = run(routes -> routes.from("direct:in")
                .enrich(list)
                .split(routes.body())
                .streaming()
                .process(this::note));

        assertThat(exchange.getException()).isNull();
        assertThat(seen).containsExactlyElementsOf(names(0, ITEMS));
    }

    private void failAtTheFifth(Exchange exchange) {
        if (seen.size() >= 5) {
            throw new IllegalStateException("the fifth");
        }
    }

    private void assertReadingHasStopped() throws Exception {
        int sent = gate.sent();
        // A stopped context has no more work on the threads of the split.
        context.stop();
        assertThat(gate.sent()).isEqualTo(sent);
    }

    private static void assertClosed(Exchange exchange) {
        ItemStream items = Objects.requireNonNull(exchange.getMessage().getBody(ItemStream.class));
        assertThatThrownBy(items::next)
                .isExactlyInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll("closed", "exchange");
    }
}
