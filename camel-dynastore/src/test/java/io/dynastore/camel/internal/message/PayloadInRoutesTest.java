/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.PayloadFormat;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class PayloadInRoutesTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1";

    /** What a route keeps. */
    public record Ticket(String ownerName, int seat) {}

    private AttributeValue payload() {
        return Objects.requireNonNull(stored("customer", "1").get("payload"));
    }

    private void put(Object body, String options) throws Exception {
        done(through(body, Map.of(), store(KEYS + "&operation=put" + options)));
    }

    private Object get(String options) throws Exception {
        return done(through(null, Map.of(), store(KEYS + "&operation=get" + options)))
                .getBody();
    }

    @Test
    void autoKeepsJavaTypes() throws Exception {
        List<Object> values =
                List.of("text", 42L, new BigDecimal("0.1"), true, Map.of("a", List.of(1L, "b")), List.of(1L, "x"));
        for (Object value : values) {
            put(value, "");
            assertThat(get("")).isEqualTo(value);
        }
        put("bytes".getBytes(StandardCharsets.UTF_8), "");
        assertThat(get("")).isEqualTo("bytes".getBytes(StandardCharsets.UTF_8));
        done(through(null, Map.of(), store(KEYS + "&operation=put")));
        assertThat(get("")).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jsonIsADocumentOnTheTableAndTextInTheRoute(boolean byHeader) throws Exception {
        Map<String, Object> headers =
                byHeader ? Map.of(DynaStoreConstants.PAYLOAD_FORMAT, "json") : Map.<String, Object>of();
        String format = byHeader ? "&payloadFormat=text" : "&payloadFormat=json";

        done(through("{\"a\":[1,2.50,null,\"x\"]}", headers, store(KEYS + "&operation=create" + format)));

        assertThat(payload().m()).containsOnlyKeys("a");
        Exchange got = through(null, headers, store(KEYS + "&operation=get" + format));
        assertThat(JsonMapper.builder().build().readTree(done(got).getBody(String.class)))
                .isEqualTo(JsonMapper.builder().build().readTree("{\"a\":[1,2.5,null,\"x\"]}"));
        Exchange listed = through(null, headers, store("operation=list&partitionKey=customer" + format));
        assertThat(items(done(listed))).extracting(Item::payload).allMatch(String.class::isInstance);
    }

    @Test
    void malformedJsonIsRefusedWithoutQuotingIt() throws Exception {
        Exchange exchange =
                through("{\"secret\": nonsense", Map.of(), store(KEYS + "&operation=create&payloadFormat=json"));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", "JSON")
                .hasStackTraceContaining("InvalidInputException")
                .message()
                .doesNotContain("secret", "nonsense");
    }

    @Test
    void textAndBinaryUseCamelsConverters() throws Exception {
        put(42, "&payloadFormat=text");
        assertThat(payload()).isEqualTo(text("42"));
        assertThat(get("&payloadFormat=text")).isEqualTo("42");

        put("42", "&payloadFormat=binary");
        assertThat(payload()).isEqualTo(AttributeValue.fromB(SdkBytes.fromUtf8String("42")));
        assertThat(get("&payloadFormat=binary")).isEqualTo("42".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theFormatMayBeGivenAsTheEnum() throws Exception {
        done(through(
                7,
                Map.of(DynaStoreConstants.PAYLOAD_FORMAT, PayloadFormat.TEXT),
                store(KEYS + "&operation=create&payloadFormat=json")));

        assertThat(payload()).isEqualTo(text("7"));
    }

    @Test
    void aBodyThatCanNotBeConvertedIsRefusedAndNotQuoted() throws Exception {
        Object body = new Object() {
            @Override
            public String toString() {
                return "secret";
            }
        };
        Exchange exchange = through(body, Map.of(), store(KEYS + "&operation=create&payloadFormat=binary"));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aReferenceLoopIsRefused() throws Exception {
        List<Object> loop = new ArrayList<>();
        loop.add(loop);

        refusal(through(loop, Map.of(), store(KEYS + "&operation=create")), InvalidInputException.class);
    }

    @Test
    void recordsAndBeansBecomeDocumentsAndPayloadTypeBringsThemBack() throws Exception {
        put(new Ticket("Ada", 7), "");

        assertThat(payload().m()).containsEntry("ownerName", text("Ada")).containsEntry("seat", number(7));
        assertThat(get("")).isEqualTo(Map.of("ownerName", "Ada", "seat", 7L));
        assertThat(get("&payloadType=" + Ticket.class.getName())).isEqualTo(new Ticket("Ada", 7));
        Exchange listed = through(
                null, Map.of(), store("operation=list&partitionKey=customer&payloadType=" + Ticket.class.getName()));
        assertThat(items(done(listed))).extracting(Item::payload).containsExactly(new Ticket("Ada", 7));
    }

    @Test
    void noHeaderChoosesThePayloadType() throws Exception {
        put(new Ticket("Ada", 7), "");
        Map<String, Object> headers = Map.of(
                "CamelDynaStorePayloadType", Ticket.class.getName(),
                "CamelDynaStorePayloadClass", Ticket.class,
                "payloadType", Ticket.class);

        Exchange exchange = through(null, headers, store(KEYS + "&operation=get"));

        assertThat(done(exchange).getBody()).isInstanceOf(Map.class);
    }

    @Test
    void aPayloadThatDoesNotFitItsTypeIsAnErrorThatDoesNotQuoteIt() throws Exception {
        put("secret", "");

        Exchange exchange =
                through(null, Map.of(), store(KEYS + "&operation=get&payloadType=" + Ticket.class.getName()));

        assertThat(exchange.getException())
                .isInstanceOf(io.dynastore.store.DynaStoreException.class)
                .hasMessageContainingAll("Table " + table, "[customer, 1]")
                .hasMessageNotContaining("secret");
    }

    @Test
    void theObjectMapperOfTheRegistryIsUsed() throws Exception {
        context.getRegistry()
                .bind(
                        "mapper",
                        JsonMapper.builder()
                                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                                .build());

        put(new Ticket("Ada", 7), "");

        assertThat(payload().m()).containsKey("owner_name");
        assertThat(get("&payloadType=" + Ticket.class.getName())).isEqualTo(new Ticket("Ada", 7));
    }

    @Test
    void anObjectMapperMayBeGivenByName() throws Exception {
        context.getRegistry().bind("one", new ObjectMapper());
        context.getRegistry()
                .bind(
                        "two",
                        JsonMapper.builder()
                                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                                .build());

        put(new Ticket("Ada", 7), "&objectMapper=#two");

        assertThat(payload().m()).containsKey("OwnerName");
    }

    @Test
    void anObjectMapperWithDefaultTypingStopsTheStart() {
        context.getRegistry()
                .bind(
                        "mapper",
                        JsonMapper.builder()
                                .activateDefaultTyping(BasicPolymorphicTypeValidator.builder()
                                        .allowIfBaseType(Object.class)
                                        .build())
                                .build());

        assertThatThrownBy(() -> through(null, Map.of(), store(KEYS + "&operation=get")))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("default typing");
    }
}
