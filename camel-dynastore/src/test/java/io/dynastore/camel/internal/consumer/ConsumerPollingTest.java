/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Camel's options for scheduled polls. */
class ConsumerPollingTest extends ConsumerContract {

    private static final String ONCE_A_DAY = "&initialDelay=1&delay=86400000";

    private final AtomicInteger empty = new AtomicInteger();

    private static final RouteBody FAILING = (builder, from) -> from.process(exchange -> {
        throw new IllegalStateException("always");
    });

    @Test
    void greedyConsumerPollsAgainAtOnceWhileItFindsItems() throws Exception {
        givenItems("customer", 7);

        consume("partitionKeys=customer&resume=memory&greedy=true&maxMessagesPerPoll=2" + ONCE_A_DAY);

        awaitDelivered(7);
        await().until(() -> !consumer().isPolling());
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=memory", "onSuccess=delete"})
    void greedyConsumerWaitsForItsDelayIfAllItemsFail(String options) throws Exception {
        givenItems("customer", 1);

        consume("partitionKeys=customer&greedy=true&" + options + ONCE_A_DAY, FAILING);
        awaitDelivered(1);
        await().until(() -> !consumer().isPolling());

        assertThat(delivered).hasSize(1);
    }

    @Test
    void sendsAnEmptyMessageWhenItIsIdleAndNoneWhenAnItemFails() throws Exception {
        givenItems("customer", 1);
        RouteBuilder.addRoutes(context, builder -> builder.from(
                        store("partitionKeys=customer&onSuccess=delete&sendEmptyMessageWhenIdle=true" + QUICK))
                .routeId(ROUTE)
                .errorHandler(builder.noErrorHandler())
                .process(exchange -> {
                    if (exchange.getMessage().getBody() == null) {
                        empty.incrementAndGet();
                    } else {
                        delivered.add(name(exchange) + " after " + empty);
                        if (delivered.size() < 4) {
                            throw new IllegalStateException("three times");
                        }
                    }
                }));

        await().until(() -> empty.get() >= 2);
        assertThat(delivered).hasSize(4).containsOnly("customer/01 after 0");
        assertThat(stored()).isEmpty();
    }

    @Test
    void backsOffWhenItIsIdle() throws Exception {
        consume("partitionKeys=customer&backoffMultiplier=1000&backoffIdleThreshold=2&initialDelay=1&delay=1");

        await().until(() -> consumer().getBackoffCounter() > 5);
        assertThat(consumer().getCounter()).isEqualTo(2);
        assertThat(sent()).containsExactly("Query", "Query");
    }

    @Test
    void backsOffWhenItCanNotRead() throws Exception {
        given("_ds/position/mine", "customer", "rubbish");
        consume("partitionKeys=customer&resume=table&resumeId=mine&backoffMultiplier=1000&backoffErrorThreshold=2"
                + "&initialDelay=1&delay=1");

        await().until(() -> consumer().getBackoffCounter() > 5);
        assertThat(consumer().getCounter()).isEqualTo(2);
    }

    @Test
    void pollsAsOftenAsItsRepeatCount() throws Exception {
        givenItems("customer", 5);

        consume("partitionKeys=customer&resume=memory&maxMessagesPerPoll=2&repeatCount=2&initialDelay=1&delay=1");

        await().until(() -> consumer().getCounter() > 2);
        assertThat(delivered).containsExactlyElementsOf(names("customer", 1, 4));
    }

    @Test
    void waitsForItsInitialDelay() throws Exception {
        givenItems("customer", 1);

        consume("partitionKeys=customer&resume=memory&initialDelay=86400000&delay=1");

        assertThat(consumer().isSchedulerStarted()).isTrue();
        assertThat(consumer().getCounter()).isZero();
        assertThat(sent()).isEmpty();
    }

    @Test
    void reportsTheNumberOfDeliveredItemsToThePollStrategy() throws Exception {
        givenItems("customer", 3);
        List<String> events = new CopyOnWriteArrayList<>();
        context.getRegistry().bind("strategy", recording(events));

        consume("partitionKeys=customer&resume=memory&maxMessagesPerPoll=2&pollStrategy=#strategy");

        await().until(() -> events.size() >= 6);
        assertThat(events).startsWith("begin", "commit 2", "begin", "commit 1", "begin", "commit 0");
    }

    private static PollingConsumerPollStrategy recording(List<String> events) {
        return new PollingConsumerPollStrategy() {
            @Override
            public boolean begin(Consumer consumer, Endpoint endpoint) {
                return events.add("begin");
            }

            @Override
            public void commit(Consumer consumer, Endpoint endpoint, int polled) {
                events.add("commit " + polled);
            }

            @Override
            public boolean rollback(Consumer consumer, Endpoint endpoint, int retries, Exception cause) {
                events.add("rollback");
                return false;
            }
        };
    }
}
