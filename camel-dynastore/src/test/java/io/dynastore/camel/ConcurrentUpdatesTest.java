/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.VersionConflictException;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Many routes increment the same few counters, by the pattern for updates that must not be lost. */
@Tag("soak")
class ConcurrentUpdatesTest extends RouteContract {

    private static final int THREADS = 8;
    private static final int ITEMS = 10;
    private static final int UPDATES = Integer.getInteger("dynastore.test.updates", 400);

    private final AtomicInteger conflicts = new AtomicInteger();

    @Override
    public void configure(DefaultCamelContext fresh) {
        // Not recorded: thousands of requests would only fill memory.
        fresh.getRegistry().bind("client", dynamo.client());
    }

    private void routes() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:change")
                        .errorHandler(noErrorHandler())
                        .to(store("operation=get&partitionKey=counters"))
                        .process(exchange -> exchange.getMessage()
                                .setBody(exchange.getMessage().getBody(Long.class) + 1))
                        .to(store("operation=update&partitionKey=counters"));
                from("direct:count")
                        .onException(VersionConflictException.class)
                        .maximumRedeliveries(-1)
                        .redeliveryDelay(0)
                        .logRetryAttempted(false)
                        .onRedelivery(exchange -> conflicts.incrementAndGet())
                        .end()
                        .to("direct:change");
            }
        });
    }

    @Test
    void readModifyWritesAddUp() throws Exception {
        for (int i = 0; i < ITEMS; i++) {
            Map<String, AttributeValue> counter = new HashMap<>(item("counters", "c" + i, "", 1));
            counter.put("payload", number(0));
            dynamo.rawPut(table, counter);
        }
        routes();
        long begin = System.nanoTime();

        int[] expected = countOnAllThreads();

        System.out.println(UPDATES + " updates on " + ITEMS + " items by " + THREADS + " threads, " + conflicts
                + " conflicts, " + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
        for (int i = 0; i < ITEMS; i++) {
            assertThat(stored("counters", "c" + i))
                    .containsEntry("payload", number(expected[i]))
                    .containsEntry("version", number(expected[i] + 1));
        }
        assertThat(expected)
                .satisfies(counts -> assertThat(Arrays.stream(counts).sum()).isEqualTo(UPDATES));
        assertThat(conflicts).as("without conflicts this shows nothing").hasPositiveValue();
    }

    /** Returns how often each item was incremented. */
    private int[] countOnAllThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<int[]>> parts = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(TestSeed.value() + t);
            parts.add(threads.submit(() -> count(random, UPDATES / THREADS)));
        }
        int[] expected = new int[ITEMS];
        for (Future<int[]> part : parts) {
            int[] counted = part.get(5, TimeUnit.MINUTES);
            for (int i = 0; i < ITEMS; i++) {
                expected[i] += counted[i];
            }
        }
        threads.shutdown();
        return expected;
    }

    private int[] count(Random random, int updates) {
        int[] counted = new int[ITEMS];
        for (int i = 0; i < updates; i++) {
            int item = random.nextInt(ITEMS);
            Exchange exchange = send("direct:count", null, Map.of(DynaStoreConstants.SORT_KEY, "c" + item));
            done(exchange);
            counted[item]++;
        }
        return counted;
    }
}
