/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** An exchange with the claims of many keys, as one that splits a file in a loop of its own. */
class ExchangeClaimsTest {

    private static final int KEYS = 5_000;

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    void eachAddCopiesASmallPartOfTheClaims() {
        for (int i = 0; i < KEYS; i++) {
            ExchangeClaims.put(exchange, "key-" + i, "holder-" + i);
        }

        assertThat(exchange.getProperties().values())
                .allSatisfy(value -> assertThat((Map<?, ?>) value).hasSizeLessThan(KEYS / 50));
        for (int i = 0; i < KEYS; i++) {
            assertThat(ExchangeClaims.holder(exchange, "key-" + i)).isEqualTo("holder-" + i);
        }
    }

    @Test
    void nothingIsLeftOfClaimsThatHaveEnded() {
        for (int i = 0; i < KEYS; i++) {
            ExchangeClaims.put(exchange, "key-" + i, "holder-" + i);
        }

        for (int i = 0; i < KEYS; i++) {
            ExchangeClaims.remove(exchange, "key-" + i);
        }

        assertThat(exchange.getProperties()).isEmpty();
    }
}
