/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensInRoutesTest extends RouteContract {

    private static final String LIST = "operation=list&partitionKey=customer";

    @BeforeEach
    void sevenItems() {
        for (int i = 1; i <= 7; i++) {
            given("customer", "k" + i, "payload " + i);
        }
        given("order", "k1", "order 1");
        given("order", "k9", "order 9");
    }

    private String tokenOf(String options) throws Exception {
        return Objects.requireNonNull(
                done(through(null, Map.of(), store(options))).getHeader(DynaStoreConstants.NEXT_TOKEN, String.class));
    }

    @Test
    void aLoopOverPagesEndsWhenThereIsNoToken() throws Exception {
        List<Object> seen = new ArrayList<>();
        String start = route((builder, from) -> from.to(store(LIST + "&limit=3"))
                .process(exchange -> items(exchange.getMessage()).forEach(item -> seen.add(item.payload())))
                .loopDoWhile(builder.header(DynaStoreConstants.NEXT_TOKEN).isNotNull())
                .to(store(LIST + "&limit=3"))
                .process(exchange -> items(exchange.getMessage()).forEach(item -> seen.add(item.payload())))
                .end());

        Exchange exchange = send(start, null, Map.of());

        assertThat(done(exchange).getHeaders()).doesNotContainKey(DynaStoreConstants.NEXT_TOKEN);
        assertThat(seen)
                .containsExactly(
                        "payload 1", "payload 2", "payload 3", "payload 4", "payload 5", "payload 6", "payload 7");
    }

    @Test
    void aLoopGoesOnThoughOtherOperationsStandBetweenItsPages() throws Exception {
        List<Object> seen = new ArrayList<>();
        String start = route((builder, from) -> from.setHeader("more", builder.constant(true))
                .loopDoWhile(builder.header("more").isEqualTo(true))
                .to(store(LIST + "&limit=3&reverse=true"))
                .process(exchange -> items(exchange.getMessage()).forEach(item -> seen.add(item.payload())))
                .process(exchange -> exchange.getMessage()
                        .setHeader("more", exchange.getMessage().getHeader(DynaStoreConstants.NEXT_TOKEN) != null))
                .to(store("operation=get&partitionKey=order&sortKey=k1"))
                .to(store("operation=update&partitionKey=order&sortKey=k1"))
                .end());

        done(send(start, null, Map.of()));

        assertThat(seen).hasSize(7).startsWith("payload 7").endsWith("payload 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operation=list&partitionKey=order",
                LIST + "&sortKeyPrefix=k",
                LIST + "&sortKeyFrom=k5",
                LIST + "&sortKeyTo=k5"
            })
    void aTokenThatAnotherListLeftInTheExchangeIsIgnored(String other) throws Exception {
        Exchange exchange = through(null, Map.of(), store(LIST + "&limit=2"), store(other));

        Exchange alone = through(null, Map.of(), store(other));
        assertThat(items(done(exchange))).isNotEmpty().containsExactlyElementsOf(items(done(alone)));
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey(DynaStoreConstants.NEXT_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operation=list&partitionKey=order",
                LIST + "&sortKeyPrefix=k",
                LIST + "&sortKeyFrom=k1",
                LIST + "&sortKeyTo=k2"
            })
    void aTokenOfAnotherListThatComesFromOutsideIsRefused(String other) throws Exception {
        String token = tokenOf(LIST + "&limit=2");
        HTTP.clear();

        Exchange exchange = through("body", Map.of(DynaStoreConstants.NEXT_TOKEN, token), store(other));

        assertThat(refusal(exchange, InvalidTokenException.class))
                .hasMessageContainingAll("Table " + table, "token", "Begin again without a token");
        assertThat(exchange.getMessage().getBody()).isEqualTo("body");
    }

    @Test
    void aTokenFromOutsideContinuesItsList() throws Exception {
        String token = tokenOf(LIST + "&limit=5");

        Exchange byHeader = through(null, Map.of(DynaStoreConstants.NEXT_TOKEN, token), store(LIST));
        assertThat(items(done(byHeader))).extracting(Item::payload).containsExactly("payload 6", "payload 7");

        Exchange byUri = through(null, Map.of(), store(LIST + "&nextToken=" + token));
        assertThat(items(done(byUri))).extracting(Item::payload).containsExactly("payload 6", "payload 7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "äöü", "AAAA", "eyJpZCI6ICJzZWNyZXRzIn0"})
    void somethingElseThanATokenIsRefused(String token) throws Exception {
        Exchange exchange = through(null, Map.of(DynaStoreConstants.NEXT_TOKEN, token), store(LIST));

        assertThat(refusal(exchange, InvalidTokenException.class)).hasMessageContaining("Table " + table);
    }

    @Test
    void aTokenStaysWhenTheListThatUsesItFailsSoThatItCanBeRepeated() throws Exception {
        String token = tokenOf(LIST + "&limit=2");

        Exchange exchange = through(
                null,
                Map.of(DynaStoreConstants.NEXT_TOKEN, token),
                "dynastore:" + table + "?operation=list&partitionKey=customer&index=missing");

        assertThat(exchange.getException()).isNotNull();
        assertThat(exchange.getMessage().getHeader(DynaStoreConstants.NEXT_TOKEN))
                .isEqualTo(token);
    }

    @Test
    void aTokenOfADynastorev2ProgramIsAccepted() throws Exception {
        String token = java.util.Base64.getUrlEncoder()
                .encodeToString(
                        "{\"id\":\"customer\",\"name\":\"k5\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        Exchange exchange = through(null, Map.of(DynaStoreConstants.NEXT_TOKEN, token), store(LIST));

        assertThat(items(done(exchange))).extracting(Item::payload).containsExactly("payload 6", "payload 7");
    }
}
