/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Many tables by toD: Camel stops the endpoints that are used the least, also while exchanges are under way. */
class EvictedEndpointsTest extends RouteContract {

    private static final int THREADS = 8;
    private static final int TABLES = 300;
    private static final int EXCHANGES = 4000;

    @Override
    protected void configure(DefaultCamelContext fresh) {
        fresh.getGlobalOptions().put("CamelMaximumEndpointCacheSize", "10");
        fresh.getRegistry().bind("client", new AnyTable(dynamo.client()));
    }

    @Test
    void exchangeKeepsWhatItHasBegunWith() throws Exception {
        String uri = "dynastore:t${header.number}?operation=get&failIfMissing=false&partitionKey=a&sortKey=b";
        String in = route((builder, from) -> from.toD(uri, 5));
        Queue<Exchange> failed = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CompletableFuture<?>[] all = IntStream.range(0, EXCHANGES)
                    .mapToObj(number -> CompletableFuture.runAsync(
                            () -> {
                                Exchange exchange = send(in, null, Map.of("number", number * 7919 % TABLES));
                                if (exchange.getException() != null) {
                                    failed.add(exchange);
                                }
                            },
                            threads))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(all).get(5, TimeUnit.MINUTES);
        } finally {
            threads.shutdown();
        }

        assertThat(failed).extracting(Exchange::getException).isEmpty();
    }

    @Test
    void tablesThatAreUsedNoMoreAreForgotten() throws Exception {
        DynaStoreComponent component = context.getComponent("dynastore", DynaStoreComponent.class);
        String in = route((builder, from) ->
                from.toD("dynastore:t${header.number}?operation=get&failIfMissing=false&partitionKey=a&sortKey=b", 5));

        for (int number = 0; number < 200; number++) {
            done(send(in, null, Map.of("number", number)));
        }

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            ((CamelContext) context).getEndpointRegistry().cleanUp();
            assertThat(component.lockTables()).isLessThanOrEqualTo(30);
        });
        assertThat(component.monitored().tables()).hasSizeLessThanOrEqualTo(30);
    }
}
