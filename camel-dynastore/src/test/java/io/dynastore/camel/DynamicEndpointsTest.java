/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.InvalidInputException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints of toD, whose keys the route computes for each exchange. */
class DynamicEndpointsTest extends RouteContract {

    @Test
    void keysThatTheRouteComputesShareOneEndpoint() throws Exception {
        String put = route((builder, from) ->
                from.toD(store("operation=put&partitionKey=${header.customer}&sortKey=${header.ticket}&ttl=1h")));

        for (int i = 0; i < 20; i++) {
            done(send(put, "value " + i, Map.of("customer", "c" + i, "ticket", "t" + i)));
        }

        assertThat(stored()).hasSize(20);
        assertThat(stored("c7", "t7").get("payload")).isEqualTo(text("value 7"));
        assertThat(endpoints()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "a b", "50%", "50%25", "x/y", "\u00fc\u20ac", "a=b", "#1", "RAW", "${x}", "RAW(x)"})
    void computedKeyIsWhatTheExpressionGives(String key) throws Exception {
        String put = route((builder, from) -> from.toD(store("operation=put&partitionKey=customer&sortKey=${body}")));

        done(send(put, key, Map.of()));

        assertThat(stored("customer", key)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "a b", "50%25", "a+b", "a&b", "a&sortKey=other"})
    void computedKeyMayBeRaw(String key) throws Exception {
        String put =
                route((builder, from) -> from.toD(store("operation=put&partitionKey=customer&sortKey=RAW(${body})")));

        done(send(put, key, Map.of()));

        assertThat(stored("customer", key)).isNotEmpty();
    }

    @Test
    void keyOfTheUriWinsOverAHeaderAndLeavesItAsItWas() throws Exception {
        given("customer", "1", "right");
        given("other", "1", "wrong");
        String get = route((builder, from) -> from.toD(store("operation=get&partitionKey=${body}&sortKey=1")));

        Exchange read = send(get, "customer", Map.of("CamelDynaStorePartitionKey", "other"));

        assertThat(done(read).getBody()).isEqualTo("right");
        assertThat(read.getMessage().getHeader("CamelDynaStorePartitionKey")).isEqualTo("other");
        assertThat(read.getMessage().getHeaders()).doesNotContainKey("CamelDynaStoreSortKey");
        assertThat(read.getAllProperties()).doesNotContainKey("CamelDynaStoreKeysBeforeToD");
    }

    @Test
    void failedCallLeavesTheKeyHeadersAsTheyWere() throws Exception {
        String get = route((builder, from) -> from.toD(store("operation=get&partitionKey=${body}&sortKey=${body}")));

        Exchange read = send(get, "nobody", Map.of("CamelDynaStorePartitionKey", "other"));

        assertThat(read.getException()).isNotNull();
        assertThat(read.getMessage().getHeader("CamelDynaStorePartitionKey")).isEqualTo("other");
        assertThat(read.getMessage().getHeaders()).doesNotContainKey("CamelDynaStoreSortKey");
    }

    @Test
    void keyThatIsComputedMustNotBeEmpty() throws Exception {
        String get = route((builder, from) -> from.toD(store("operation=get&partitionKey=${header.none}&sortKey=1")));

        assertThat(send(get, null, Map.of("CamelDynaStorePartitionKey", "other"))
                        .getException())
                .hasStackTraceContaining(InvalidInputException.class.getName());
        assertThat(sent()).isEmpty();
    }

    private long endpoints() {
        return context.getEndpoints().stream()
                .filter(DynaStoreEndpoint.class::isInstance)
                .count();
    }
}
