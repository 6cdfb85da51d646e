/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import static io.dynastore.store.PayloadFormat.AUTO;
import static io.dynastore.store.PayloadFormat.BINARY;
import static io.dynastore.store.PayloadFormat.JSON;
import static io.dynastore.store.PayloadFormat.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.PayloadFormat;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class PayloadCodecTest {

    /** The class of a payload. */
    public record Ticket(
            String title,
            int seats,
            @Nullable Instant at,
            @Nullable Map<String, Integer> prices) {}

    private final PayloadCodec codec = new PayloadCodec(PayloadCodec.defaultMapper(), null);
    private final PayloadCodec tickets = new PayloadCodec(PayloadCodec.defaultMapper(), Ticket.class);

    @Test
    void jsonTextIsStoredAsADocument() {
        AttributeValue stored = codec.encode("{\"a\":[1,2.50,true,null,\"x\"],\"b\":{}}", JSON);

        assertThat(Objects.requireNonNull(stored.m().get("a")).l())
                .containsExactly(
                        AttributeValue.fromN("1"),
                        AttributeValue.fromN("2.5"),
                        AttributeValue.fromBool(true),
                        AttributeValue.fromNul(true),
                        AttributeValue.fromS("x"));
        assertThat(codec.encode("{}".getBytes(StandardCharsets.UTF_8), JSON)).isEqualTo(AttributeValue.fromM(Map.of()));
        assertThat(codec.encode(Map.of("a", 1), JSON))
                .isEqualTo(AttributeValue.fromM(Map.of("a", AttributeValue.fromN("1"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}|{\"a\":1}",
                "[1.50,1E3]|[1.5,1000]",
                "12345678901234567890123456789012345678|12345678901234567890123456789012345678",
                "0.12345678901234567890123456789012345678|0.12345678901234567890123456789012345678",
                "1E-130|0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
                "null|null",
                "\"x\"|\"x\"",
                "true|true"
            })
    void jsonComesBackAsItsPlainText(String given, String back) {
        assertThat(codec.decode(codec.encode(given, JSON), JSON)).isEqualTo(back);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"SECRET\":",
                "SECRET",
                "{\"SECRET\":1} SECRET",
                "{\"SECRET\":1,\"SECRET\":2}",
                "[NaN]",
                "{\"a\":1e200,\"SECRET\":1}",
                "{\"\":\"SECRET\"}",
                "{'SECRET':1}"
            })
    void malformedJsonIsRejectedWithoutQuotingIt(String json) {
        assertThatThrownBy(() -> codec.encode(json, JSON))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("SECRET")
                .hasNoCause();
    }

    @Test
    void emptyBodyIsNotJson() {
        assertThatThrownBy(() -> codec.encode("", JSON))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> codec.encode(new byte[0], JSON)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void jsonOfBytesAndSetsIsBase64AndArrays() {
        AttributeValue stored = codec.encode(Map.of("b", new byte[] {1, 2}, "s", Set.of("x"), "n", Set.of(1)), AUTO);

        assertThat(String.valueOf(codec.decode(stored, JSON))).contains("\"b\":\"AQI=\"", "\"s\":[\"x\"]", "\"n\":[1]");
        assertThat(codec.decode(AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("a"))), JSON))
                .isEqualTo("[\"YQ==\"]");
    }

    @Test
    void textFormatTakesOnlyTextAndBinaryFormatOnlyBytes() {
        assertThat(codec.decode(codec.encode("x", TEXT), TEXT)).isEqualTo("x");
        assertThat((byte[]) codec.decode(codec.encode(new byte[] {1}, BINARY), BINARY))
                .containsExactly(1);
        assertThat(codec.encode(null, TEXT))
                .isEqualTo(codec.encode(null, BINARY))
                .isEqualTo(AttributeValue.fromNul(true));
        assertThatThrownBy(() -> codec.encode(1, TEXT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("java.lang.Integer", "text");
        assertThatThrownBy(() -> codec.encode("SECRET", BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("java.lang.String", "bytes")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void anyStoredPayloadCanBeReadAsTextOrBytes() {
        assertThat(codec.decode(AttributeValue.fromN("1.5"), TEXT)).isEqualTo("1.5");
        assertThat(codec.decode(AttributeValue.fromBool(true), TEXT)).isEqualTo("true");
        assertThat(codec.decode(AttributeValue.fromB(SdkBytes.fromUtf8String("ä")), TEXT))
                .isEqualTo("ä");
        assertThat(codec.decode(codec.encode(List.of(1), AUTO), TEXT)).isEqualTo("[1]");
        assertThat((byte[]) codec.decode(AttributeValue.fromS("ä"), BINARY))
                .isEqualTo("ä".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> codec.decode(AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {-1})), TEXT))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("binary");
    }

    @Test
    void missingPayloadIsNull() {
        for (PayloadFormat format : PayloadFormat.values()) {
            assertThat(codec.decode(null, format)).isEqualTo(format == JSON ? "null" : null);
            assertThat(codec.decode(AttributeValue.fromNul(true), format)).isEqualTo(format == JSON ? "null" : null);
        }
        assertThat(tickets.decode(null, AUTO)).isNull();
    }

    @Test
    void payloadOfAClassIsConvertedByJackson() {
        Ticket ticket = new Ticket("hello", 3, Instant.parse("2026-01-01T00:00:00Z"), Map.of("adult", 5));

        AttributeValue stored = tickets.encode(ticket, AUTO);

        assertThat(stored.m())
                .containsEntry("seats", AttributeValue.fromN("3"))
                .containsEntry("at", AttributeValue.fromS("2026-01-01T00:00:00Z"));
        assertThat(tickets.decode(stored, AUTO)).isEqualTo(ticket);
        assertThat(codec.decode(stored, AUTO)).isInstanceOf(Map.class);
    }

    @Test
    void payloadThatDoesNotFitItsClassIsAnErrorWithoutQuotingIt() {
        for (Object stored : List.of(
                "SECRET",
                List.of("SECRET"),
                Map.of("title", "t", "seats", "SECRET"),
                Map.of("title", "t", "prices", Map.of("SECRET", "SECRET")))) {
            assertThatThrownBy(() -> tickets.decode(codec.encode(stored, AUTO), AUTO))
                    .isInstanceOf(DynaStoreException.class)
                    .hasMessageContainingAll(Ticket.class.getName(), "payloadType")
                    .hasMessageNotContaining("SECRET")
                    .hasNoCause();
        }
    }

    @Test
    void strictMapperDoesNotQuoteTheNameOfAnUnknownProperty() {
        PayloadCodec strict = new PayloadCodec(new ObjectMapper(), Ticket.class);

        assertThatThrownBy(() -> strict.decode(codec.encode(Map.of("SECRET", 1), AUTO), AUTO))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("UnrecognizedPropertyException")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void mapperWithDefaultTypingIsRejected() {
        ObjectMapper mapper = new ObjectMapper()
                .activateDefaultTyping(BasicPolymorphicTypeValidator.builder().build());

        assertThatThrownBy(() -> new PayloadCodec(mapper, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("default typing");
    }

    @Test
    void beanThatRefersToItselfIsRejected() {
        Node node = new Node();
        node.next = node;

        assertThatThrownBy(() -> codec.encode(node, AUTO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(Node.class.getName());
    }

    @Test
    void numberInABeanKeepsItsDigits() {
        BigDecimal digits = new BigDecimal("0.12345678901234567890123456789012345678");

        assertThat(codec.decode(codec.encode(new Priced(digits), AUTO), AUTO)).isEqualTo(Map.of("price", digits));
    }

    /** A bean with a number. */
    public record Priced(BigDecimal price) {}

    /** A bean that refers to itself. */
    public static final class Node {
        public @Nullable Node next;
    }
}
