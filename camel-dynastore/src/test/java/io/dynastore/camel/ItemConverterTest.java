/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.Item;
import io.dynastore.store.Key;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The conversion of an item in a body to the type that a route requests. */
class ItemConverterTest extends RouteContract {

    record Ticket(String subject, int points) {}

    private <T> @Nullable T converted(Class<T> type, @Nullable Object payload) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(new Item(Key.of("customer", "1"), payload, 3, null, Map.of("field", "x")));
        return exchange.getMessage().getBody(type);
    }

    private @Nullable Map<?, ?> members(@Nullable Object payload) {
        return converted(Map.class, payload);
    }

    @Test
    void textStaysText() {
        assertThat(converted(String.class, "No light")).isEqualTo("No light");
        assertThat(converted(byte[].class, "Grüße")).isEqualTo("Grüße".getBytes(UTF_8));
    }

    @Test
    void bytesBecomeTextInUtf8OrTheCharsetOfTheExchange() {
        assertThat(converted(String.class, "Grüße".getBytes(UTF_8))).isEqualTo("Grüße");
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(Exchange.CHARSET_NAME, "ISO-8859-1");
        exchange.getMessage().setBody(new Item(Key.of("a"), "Grüße".getBytes(ISO_8859_1), 1, null, Map.of()));

        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo("Grüße");
    }

    @Test
    void bytesAreTheStoredBytes() throws Exception {
        byte[] stored = {0, (byte) 255, 7};

        assertThat(converted(byte[].class, stored)).isSameAs(stored);
        try (InputStream stream = converted(InputStream.class, stored)) {
            assertThat(stream).hasBinaryContent(stored);
        }
    }

    @Test
    void documentsBecomeJson() throws Exception {
        Map<String, Object> payload = Map.of("points", new BigDecimal("12345678901234567890.5"));

        assertThat(converted(String.class, payload)).isEqualTo("{\"points\":12345678901234567890.5}");
        assertThat(converted(String.class, new BigDecimal("1E+3"))).isEqualTo("1000");
        assertThat(converted(String.class, List.of(1L, "a", true))).isEqualTo("[1,\"a\",true]");
        assertThat(converted(String.class, new Ticket("light", 5))).isEqualTo("{\"subject\":\"light\",\"points\":5}");
        assertThat(converted(String.class, 42L)).isEqualTo("42");
        assertThat(converted(String.class, true)).isEqualTo("true");
        try (InputStream stream = converted(InputStream.class, Map.of("a", "ü"))) {
            assertThat(stream).hasBinaryContent("{\"a\":\"ü\"}".getBytes(UTF_8));
        }
    }

    @Test
    void mapsAreTheMembersOfDocuments() {
        Map<String, Object> payload = Map.of("subject", "light");

        assertThat(members(payload)).isSameAs(payload);
        assertThat(members(new Ticket("light", 5))).isEqualTo(Map.of("subject", "light", "points", 5));
        assertThat(members("{\"subject\":\"light\"}")).isEqualTo(payload);
    }

    @Test
    void absentPayloadIsNull() {
        assertThat(converted(String.class, null)).isNull();
        assertThat(converted(byte[].class, null)).isNull();
        assertThat(converted(InputStream.class, null)).isNull();
        assertThat(members(null)).isNull();
    }

    @Test
    void payloadThatIsNoDocumentIsNoMapAndIsNotQuoted() {
        Item item = new Item(Key.of("customer", "1"), "CONFIDENTIAL", 3, null, Map.of());

        assertThatThrownBy(() ->
                        context.getTypeConverter().mandatoryConvertTo(Map.class, new DefaultExchange(context), item))
                .isInstanceOf(NoTypeConversionAvailableException.class)
                .hasMessageContaining("io.dynastore.store.Item")
                .hasMessageNotContaining("CONFIDENTIAL");
    }

    @Test
    void itemsOfAListAreConvertedInTheRoute() throws Exception {
        done(through(Map.of("subject", "a"), Map.of(), store("operation=put&partitionKey=customer&sortKey=1")));
        done(through(Map.of("subject", "b"), Map.of(), store("operation=put&partitionKey=customer&sortKey=2")));
        List<Object> seen = new CopyOnWriteArrayList<>();

        done(send(
                route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                        .split(builder.body())
                        .convertBodyTo(String.class)
                        .process(exchange -> seen.add(exchange.getMessage().getBody()))),
                null,
                Map.of()));

        assertThat(seen).isEqualTo(new ArrayList<>(List.of("{\"subject\":\"a\"}", "{\"subject\":\"b\"}")));
    }

    @Test
    void itemAsTheBodyOfAWriteKeepsKeyAndVersion() throws Exception {
        Map<String, Object> payload = Map.of("subject", "a");
        done(through(payload, Map.of(), store("operation=put&partitionKey=customer&sortKey=1")));

        done(send(
                route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                        .split(builder.body())
                        .to(store("operation=update&partitionKey=customer"))),
                null,
                Map.of()));

        assertThat(stored("customer", "1")).containsEntry("version", number(2));
        assertThat(stored("customer", "1").get("payload")).isNotNull().satisfies(stored -> assertThat(stored.m())
                .containsEntry("subject", text("a")));
    }
}
