/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.DynaStoreConsumer;
import io.dynastore.camel.RouteContract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Routes that start from the store. All their deliveries are recorded. */
public abstract class ConsumerContract extends RouteContract {

    protected static final String ROUTE = "consumer";

    /** Polls every 20 ms. */
    static final String QUICK = "&initialDelay=1&delay=20";

    /** All deliveries, also failed ones, by partition and sort key, in the order of their arrival. */
    final List<String> delivered = new CopyOnWriteArrayList<>();

    /**
     * Starts a consumer with these options. It polls quickly unless the options name a delay. Its items are recorded.
     */
    protected void consume(String options, RouteBody body) throws Exception {
        consume(context, options, body);
    }

    /** Starts a consumer that only records its items. */
    protected void consume(String options) throws Exception {
        consume(options, (builder, from) -> {});
    }

    void consume(CamelContext where, String options, RouteBody body) throws Exception {
        LambdaRouteBuilder routes = builder -> {
            builder.errorHandler(builder.defaultErrorHandler().logExhausted(false));
            body.define(
                    builder,
                    builder.from(store(options.contains("delay=") ? options : options + QUICK))
                            .routeId(ROUTE)
                            .process(this::record));
        };
        RouteBuilder.addRoutes(where, routes);
    }

    private void record(Exchange exchange) {
        delivered.add(name(exchange));
    }

    static String name(Exchange exchange) {
        return exchange.getMessage().getHeader(DynaStoreConstants.PARTITION_KEY) + "/"
                + exchange.getMessage().getHeader(DynaStoreConstants.SORT_KEY);
    }

    DynaStoreConsumer consumer() {
        return (DynaStoreConsumer) context.getRoute(ROUTE).getConsumer();
    }

    /** Creates items 01, 02, … of a partition. */
    protected void givenItems(String partition, int count) {
        givenItems(partition, 1, count);
    }

    void givenItems(String partition, int first, int last) {
        IntStream.rangeClosed(first, last).forEach(number -> given(partition, sortKey(number), "v" + number));
    }

    static String sortKey(int number) {
        return "%02d".formatted(number);
    }

    static List<String> names(String partition, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> partition + "/" + sortKey(number))
                .toList();
    }

    /** Holds an item on its way through the route, at its first delivery. */
    static final class Gate implements Processor {
        private final String name;
        private final CompletableFuture<Void> reached = new CompletableFuture<>();
        private final CompletableFuture<Void> open = new CompletableFuture<>();

        Gate(String name) {
            this.name = name;
        }

        @Override
        public void process(Exchange exchange) throws Exception {
            if (name(exchange).equals(name) && reached.complete(null)) {
                open.get(20, TimeUnit.SECONDS);
            }
        }

        void awaitReached() throws Exception {
            reached.get(20, TimeUnit.SECONDS);
        }

        void open() {
            open.complete(null);
        }
    }

    /** Stops or suspends while an item is held. The item continues when no other item may follow. */
    void whileHeld(Gate gate, StatefulAction action) throws Exception {
        gate.awaitReached();
        DynaStoreConsumer consumer = consumer();
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        await().until(() -> !consumer.isStarted());
        gate.open();
        done.get(20, TimeUnit.SECONDS);
    }

    /** Changes the state of a route. */
    interface StatefulAction {
        void run() throws Exception;
    }

    /** Waits until this many items were delivered. */
    protected void awaitDelivered(int count) {
        await().untilAsserted(() -> assertThat(delivered).hasSizeGreaterThanOrEqualTo(count));
    }

    /** Waits until the consumer has completed this many more polls. */
    void awaitPolls(int more) {
        long before = consumer().getCounter();
        await().until(() -> consumer().getCounter() > before + more);
    }

    protected static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }
}
