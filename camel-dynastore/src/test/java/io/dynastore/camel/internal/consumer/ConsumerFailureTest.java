/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.ExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** Where a failure is reported, and its result for the item. */
class ConsumerFailureTest extends ConsumerContract {

    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();

    /** A handler that records what is reported to it. */
    private ExceptionHandler handler() {
        return new ExceptionHandler() {
            @Override
            public void handleException(@Nullable Throwable exception) {
                handleException(null, null, exception);
            }

            @Override
            public void handleException(@Nullable String message, @Nullable Throwable exception) {
                handleException(message, null, exception);
            }

            @Override
            public void handleException(
                    @Nullable String message, @Nullable Exchange exchange, @Nullable Throwable exception) {
                reported.add(message + ": " + exception);
            }
        };
    }

    private void failing(Exchange exchange) {
        attempts.incrementAndGet();
        throw new IllegalStateException("always");
    }

    /** Starts a route from "customer" that deletes successful items. */
    private void deleting(String options, RouteBody body) throws Exception {
        context.getRegistry().bind("handler", handler());
        RouteBuilder.addRoutes(
                context,
                builder -> body.define(
                        builder,
                        builder.from(store("partitionKeys=customer&onSuccess=delete" + QUICK + options))
                                .routeId(ROUTE)));
    }

    @Test
    void reportsEachFailedDeliveryToTheExceptionHandlerOnce() throws Exception {
        givenItems("customer", 1);

        deleting("&exceptionHandler=#handler", (builder, from) -> from.errorHandler(builder.noErrorHandler())
                .process(this::failing));
        await().until(() -> reported.size() >= 3);
        context.getRouteController().stopRoute(ROUTE);

        assertThat(reported).hasSize(attempts.get()).allSatisfy(message -> assertThat(message)
                .contains(table, "customer, 01", "always")
                .doesNotContain("v1"));
        assertThat(stored()).hasSize(1);
    }

    @Test
    void errorHandlerOfTheRouteProcessesAFailureFirst() throws Exception {
        givenItems("customer", 1);

        deleting("&exceptionHandler=#handler", (builder, from) -> from.onException(IllegalStateException.class)
                .maximumRedeliveries(3)
                .redeliveryDelay(0)
                .end()
                .process(exchange -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("twice");
                    }
                }));

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(attempts).hasValue(3);
        assertThat(reported).isEmpty();
    }

    @Test
    void handledFailureIsASuccess() throws Exception {
        givenItems("customer", 1);

        deleting("&exceptionHandler=#handler", (builder, from) -> from.onException(IllegalStateException.class)
                .handled(true)
                .end()
                .process(this::failing));

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(attempts).hasValue(1);
        assertThat(reported).isEmpty();
    }

    @Test
    void failureInADeadLetterChannelIsASuccess() throws Exception {
        givenItems("customer", 1);
        List<Object> dead = new CopyOnWriteArrayList<>();

        deleting("&exceptionHandler=#handler", (builder, from) -> {
            from.errorHandler(builder.deadLetterChannel("direct:dead").maximumRedeliveries(0))
                    .process(this::failing);
            builder.from("direct:dead")
                    .process(exchange -> dead.add(exchange.getMessage().getBody()));
        });

        await().untilAsserted(() -> assertThat(stored()).isEmpty());
        assertThat(dead).containsExactly("v1");
        assertThat(reported).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rolledBackExchangeIsAFailure(boolean marked) throws Exception {
        givenItems("customer", 1);

        deleting("&exceptionHandler=#handler", (builder, from) -> {
            from.errorHandler(builder.noErrorHandler()).process(exchange -> attempts.incrementAndGet());
            if (marked) {
                from.markRollbackOnly();
            } else {
                from.rollback("on purpose");
            }
        });

        await().until(() -> attempts.get() >= 3);
        assertThat(stored()).hasSize(1);
        assertThat(reported).isNotEmpty();
        assertThat(consumer().getSucceededItems()).isZero();
    }

    @Test
    void bridgedErrorHandlerProcessesAFailedItemOnce() throws Exception {
        givenItems("customer", 1);
        List<String> handled = new CopyOnWriteArrayList<>();

        deleting("&bridgeErrorHandler=true", (builder, from) -> {
            from.onException(Exception.class)
                    .process(exchange -> handled.add(String.valueOf(exchange.getProperty(Exchange.EXCEPTION_CAUGHT))))
                    .end()
                    .process(this::failing);
        });
        await().until(() -> attempts.get() >= 3);
        context.getRouteController().stopRoute(ROUTE);

        assertThat(handled).hasSize(attempts.get());
    }

    @Test
    void failedReadGoesToABridgedErrorHandler() throws Exception {
        List<@Nullable Object> handled = new CopyOnWriteArrayList<>();
        RouteBuilder.addRoutes(context, builder -> {
            builder.onException(ResourceNotFoundException.class)
                    .handled(true)
                    .process(exchange -> handled.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT)));
            builder.from("dynastore:no-such-table?partitionKeys=a&bridgeErrorHandler=true" + QUICK)
                    .process(exchange -> delivered.add("nothing"));
        });

        await().until(() -> handled.size() >= 2);
        assertThat(handled).hasOnlyElementsOfType(ResourceNotFoundException.class);
        assertThat(delivered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void continuesWithOtherPartitionsIfOneCanNotBeRead(int workers) throws Exception {
        givenItems("customer", 2);
        givenItems("order", 2);
        given("_ds/position/mine", "customer", "rubbish");
        context.getRegistry().bind("handler", handler());

        consume("partitionKeys=customer,order&resume=table&resumeId=mine&exceptionHandler=#handler"
                + "&concurrentPartitions="
                + workers);
        awaitDelivered(2);
        givenItems("order", 3, 3);
        awaitDelivered(3);

        assertThat(delivered).containsExactlyElementsOf(names("order", 1, 3));
        assertThat(reported).isNotEmpty().allSatisfy(message -> assertThat(message)
                .contains("_ds/position/mine", "customer", "Set another resumeId"));
    }
}
