/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.RouteContract;
import io.dynastore.store.VersionConflictException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.apache.camel.impl.engine.PooledProcessorExchangeFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies that Camel fills from a pool have the state of their original, and bring it their own. */
class PooledExchangeStateTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=a&operation=";

    @Override
    protected void configure(DefaultCamelContext fresh) throws Exception {
        super.configure(fresh);
        fresh.getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
        fresh.getCamelContextExtension().setProcessorExchangeFactory(new PooledProcessorExchangeFactory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"split", "enrich"})
    void pooledCopiesKeepTheVersions(String step) throws Exception {
        String in = route((builder, from) -> {
            var read = step.equals("enrich") ? from.enrich(store(KEYS + "get")) : from.to(store(KEYS + "get"));
            read.process(exchange -> {
                        if ("second".equals(exchange.getMessage().getHeader("round"))) {
                            dynamo.rawPut(table, item("customer", "a", "theirs", 7));
                        }
                    })
                    .setBody(builder.constant("mine"))
                    .split(builder.body())
                    .stopOnException()
                    .to(store(KEYS + "update"));
        });

        for (String round : new String[] {"first", "first", "second"}) {
            given("customer", "a", "old");
            Exchange exchange = send(in, null, Map.of("round", round));
            Throwable error = exchange.getException();
            while (error != null && error.getCause() != null) {
                error = error.getCause();
            }
            if (round.equals("second")) {
                assertThat(error).isInstanceOf(VersionConflictException.class);
            } else {
                assertThat(error).isNull();
            }
        }
        assertThat(stored("customer", "a")).containsEntry("payload", text("theirs"));
    }
}
