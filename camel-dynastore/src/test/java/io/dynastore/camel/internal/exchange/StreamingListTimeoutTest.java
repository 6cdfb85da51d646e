/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.model.SplitDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A split of a streamed list that ends at its time-out. Camel 4.18 and 4.22 read its iterator to the end then. */
class StreamingListTimeoutTest extends StreamingListContract {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void splitAtItsTimeoutReadsNoFurther(boolean aggregated) throws Exception {
        CompletableFuture<Void> over = new CompletableFuture<>();
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Exchange exchange = run(routes -> {
                SplitDefinition split = routes.from("direct:in").to(list).split(routes.body());
                (aggregated ? split.aggregationStrategy((all, one) -> one) : split)
                        .streaming()
                        .parallelProcessing()
                        .executorService(two)
                        .timeout(300)
                        .process(this::note)
                        .process(one -> over.get(20, TimeUnit.SECONDS));
            });
            over.complete(null);

            assertThat(exchange.getException()).isNull();
            assertReadingHasStopped();
            assertThat(gate.sent()).isLessThanOrEqualTo(2);
        } finally {
            over.complete(null);
            two.shutdown();
        }
    }

    @Test
    void splitAtItsTimeoutDoesNotWaitForThePageInFlight() throws Exception {
        CompletableFuture<Void> page = gate.hold(4);

        Exchange exchange = CompletableFuture.supplyAsync(this::timedOut).get(20, TimeUnit.SECONDS);
        page.complete(null);

        assertReadingHasStopped();
        assertThat(exchange.getException()).isNull();
        assertThat(seen).allMatch(name -> names(0, 9).contains(name));
        assertThat(gate.sent()).isEqualTo(4);
    }

    private Exchange timedOut() {
        try {
            return run(routes -> routes.from("direct:in")
                    .to(list)
                    .split(routes.body())
                    .streaming()
                    .parallelProcessing()
                    .timeout(1000)
                    .process(this::note));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertReadingHasStopped() throws Exception {
        int sent = gate.sent();
        // A stopped context has no more work on the threads of the split.
        context.stop();
        assertThat(gate.sent()).isEqualTo(sent);
    }
}
