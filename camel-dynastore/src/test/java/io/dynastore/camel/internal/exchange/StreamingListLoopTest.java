/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.ItemStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An exchange that streams many lists, one after the other. */
class StreamingListLoopTest extends StreamingListContract {

    private static final int ROUNDS = 20;

    private final List<Synchronization> streams = new ArrayList<>();

    @BeforeEach
    void forgetStreams() {
        streams.clear();
    }

    private void keep(Exchange exchange) {
        streams.add(exchange.getMessage().getBody(ExchangeItemStream.class));
    }

    private long held(Exchange exchange) {
        return streams.stream()
                .filter(exchange.getExchangeExtension()::containsOnCompletion)
                .count();
    }

    @Test
    void exchangeLetsItsStreamsGoWhenTheyHaveEnded() throws Exception {
        List<Long> held = new ArrayList<>();

        Exchange exchange = run(routes -> routes.from("direct:in")
                .loop(ROUNDS)
                .to(list)
                .process(this::keep)
                .split(routes.body())
                .streaming()
                .process(this::note)
                .end()
                .end()
                .process(one -> held.add(held(one))));

        assertThat(exchange.getException()).isNull();
        assertThat(streams).hasSize(ROUNDS);
        assertThat(seen).hasSize(ROUNDS * ITEMS);
        assertThat(held).containsExactly(0L);
    }

    @Test
    void exchangeLetsItsStreamsGoWhenTheyAreClosedAndKeepsThoseThatAreOpen() throws Exception {
        List<Long> held = new ArrayList<>();

        Exchange exchange = run(routes -> routes.from("direct:in")
                .loop(ROUNDS)
                .to(list)
                .process(this::keep)
                .process(one -> one.getMessage().getBody(ItemStream.class).close())
                .end()
                .to(list)
                .process(this::keep)
                .process(one -> held.add(held(one))));

        assertThat(exchange.getException()).isNull();
        assertThat(held).containsExactly(1L);
    }
}
