/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.InvalidInputException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Consumers without a route, and of tables that are not as the options say. */
class ConsumersInOddPlacesTest extends ConsumerContract {

    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

    private final class Errors implements ExceptionHandler {
        @Override
        public void handleException(Throwable error) {
            errors.add(error);
        }

        @Override
        public void handleException(@Nullable String message, Throwable error) {
            errors.add(error);
        }

        @Override
        public void handleException(@Nullable String message, @Nullable Exchange exchange, Throwable error) {
            errors.add(error);
        }
    }

    /** As Camel's component master makes one: the steps are those of another route. */
    @Test
    void consumerWithoutARouteDeletesWhatItHasProcessed() throws Exception {
        givenItems("customer", 3);
        AtomicInteger processed = new AtomicInteger();
        RouteBuilder.addRoutes(
                context,
                builder -> builder.from("direct:steps").routeId("steps").process(each -> processed.incrementAndGet()));
        Consumer consumer = context.getEndpoint(store("partitionKeys=customer&onSuccess=delete" + QUICK))
                .createConsumer(context.getRoute("steps").getProcessor());
        try {
            ServiceHelper.startService(consumer);

            await().untilAsserted(() -> assertThat(stored()).isEmpty());
        } finally {
            ServiceHelper.stopService(consumer);
        }
        assertThat(processed).hasValue(3);
    }

    @Test
    void keyOfAnotherTypeIsReportedWithTheOptionToSet() throws Exception {
        context.getRegistry().bind("errors", new Errors());

        consume("partitionKeys=1&partitionKeyType=number&exceptionHandler=#errors");

        await().until(() -> !errors.isEmpty());
        assertThat(errors.element())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("Table " + table, "partitionKeyType=string");
    }
}
