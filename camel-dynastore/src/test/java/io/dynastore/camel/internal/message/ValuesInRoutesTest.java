/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.node.NullNode;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.TypeConversionException;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What is a value is stored as that value and comes out as it went in; what is none is refused. */
@SuppressWarnings("UnnecessaryStringBuilder") // the body of a route may be one
class ValuesInRoutesTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1&operation=";

    /** Dates of all kinds, with offsets and zones. */
    public record Appointment(
            OffsetDateTime offset,
            ZonedDateTime zoned,
            ZonedDateTime utc,
            OffsetTime time,
            Instant instant,
            Duration length,
            YearMonth month,
            String note) {}

    /** A property that may be missing. */
    public record Caller(String name, Optional<String> phone, Optional<Integer> age, Optional<List<String>> tags) {}

    /** No constructor that Jackson could use. */
    public static class Closed {
        private final String secret;

        public Closed(String secret) {
            this.secret = secret;
        }

        public String getSecret() {
            return secret;
        }
    }

    private AttributeValue payload() {
        return Objects.requireNonNull(stored("customer", "1").get("payload"));
    }

    private Exchange put(@Nullable Object body) throws Exception {
        return through(body, Map.of(), store(KEYS + "put"));
    }

    private static String typed(Class<?> type) {
        return "&payloadType=" + type.getName();
    }

    @Test
    void datesComeOutWithTheOffsetAndZoneThatWentIn() throws Exception {
        ZonedDateTime paris = ZonedDateTime.of(2026, 7, 1, 3, 4, 5, 678_000_000, ZoneId.of("Europe/Paris"));
        Appointment appointment = new Appointment(
                OffsetDateTime.parse("2026-02-01T03:04:05+01:00"),
                paris,
                paris.withZoneSameInstant(ZoneId.of("UTC")),
                OffsetTime.parse("03:04:05+01:00"),
                paris.toInstant(),
                Duration.ofMinutes(90),
                YearMonth.of(2026, 2),
                "first");
        done(put(appointment));
        String start = route((builder, from) -> from.to(store(KEYS + "get" + typed(Appointment.class)))
                .process(exchange -> {
                    Appointment read = exchange.getMessage().getBody(Appointment.class);
                    assertThat(read).isEqualTo(appointment);
                    exchange.getMessage()
                            .setBody(new Appointment(
                                    read.offset(),
                                    read.zoned(),
                                    read.utc(),
                                    read.time(),
                                    read.instant(),
                                    read.length(),
                                    read.month(),
                                    "second"));
                })
                .to(store(KEYS + "update")));

        done(send(start, null, Map.of()));

        assertThat(payload().m())
                .containsEntry("offset", text("2026-02-01T03:04:05+01:00"))
                .containsEntry("note", text("second"));
    }

    @Test
    void anOptionalIsItsValueOrNothing() throws Exception {
        for (Caller caller : List.of(
                new Caller("Ada", Optional.of("7"), Optional.of(36), Optional.of(List.of("x"))),
                new Caller("Bob", Optional.empty(), Optional.empty(), Optional.empty()))) {
            done(put(caller));
            assertThat(done(through(null, Map.of(), store(KEYS + "get" + typed(Caller.class))))
                            .getBody())
                    .isEqualTo(caller);
        }
        done(put(Optional.of("a")));
        assertThat(payload()).isEqualTo(text("a"));
        done(through(Optional.of("b"), Map.of(), store(KEYS + "put&payloadFormat=text")));
        assertThat(payload()).isEqualTo(text("b"));
        done(put(Map.of("a", Optional.empty())));
        assertThat(payload().m()).containsEntry("a", AttributeValue.fromNul(true));
    }

    @Test
    void aClassThatJacksonCanNotMakeIsNamedWithWhatItNeeds() throws Exception {
        done(put(Map.of("secret", "CONFIDENTIAL")));

        Exchange exchange = through(null, Map.of(), store(KEYS + "get" + typed(Closed.class)));

        assertThat(exchange.getException())
                .hasMessageContainingAll("Table " + table, Closed.class.getName(), "@JsonCreator")
                .hasMessageNotContaining("line -1")
                .hasMessageNotContaining("CONFIDENTIAL");
    }

    @Test
    void keysThatAreTheSameTextAreRefusedInPayloadsFieldsAndWrites() throws Exception {
        Map<Object, Object> twice = new LinkedHashMap<>();
        twice.put(1, "a");
        twice.put("1", "b");
        Map<Object, Object> write = new LinkedHashMap<>(Map.of("operation", "put", "sortKey", "1", "value", "x"));
        write.put(new StringBuilder("value"), "y");

        refusal(put(twice), InvalidInputException.class);
        refusal(put(List.of(Map.of("a", twice))), InvalidInputException.class);
        refusal(
                through("x", Map.of(DynaStoreConstants.FIELDS, twice), store(KEYS + "put")),
                InvalidInputException.class);
        assertThat(refusal(
                        through(List.of(write), Map.of(), store("operation=transact&partitionKey=customer")),
                        InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "write 1 of 1", "'value'");
        refusal(put(Map.of(List.of("a"), "b")), InvalidInputException.class);
        refusal(put(Map.of(new byte[] {(byte) 0xff}, "b")), InvalidInputException.class);
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void aMapOfEnumsInATransactionIsReadByTheNamesOfItsKeys() throws Exception {
        Exchange exchange = through(
                List.of(new TreeMap<>(Map.of(TimeUnit.DAYS, "x"))),
                Map.of(),
                store("operation=transact&partitionKey=customer"));

        assertThat(refusal(exchange, InvalidInputException.class)).hasMessageContaining("'DAYS'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&payloadFormat=json", "&payloadFormat=text"})
    void anUpdateWithoutABodyIsRefusedAndKeepsThePayload(String format) throws Exception {
        given("customer", "1", "one");

        for (Map<String, ?> headers :
                List.of(Map.<String, Object>of(), Map.of(DynaStoreConstants.FIELDS, Map.of("status", "open")))) {
            assertThat(refusal(through(null, headers, store(KEYS + "update" + format)), InvalidInputException.class))
                    .hasMessageContainingAll("Table " + table, "[customer, 1]", "null", "payloadFormat=json");
        }
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "one", 1));
    }

    @Test
    void anUpdateStoresNullIfTheRouteSaysSo() throws Exception {
        for (Object body : new Object[] {NullNode.instance, Optional.empty(), AttributeValue.fromNul(true)}) {
            dynamo.rawPut(table, item("customer", "1", "one", 1));
            done(through(body, Map.of(), store(KEYS + "update")));
            assertThat(payload().nul()).isTrue();
        }
        dynamo.rawPut(table, item("customer", "1", "one", 1));
        done(through("null", Map.of(), store(KEYS + "update&payloadFormat=json")));
        assertThat(payload().nul()).isTrue();
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void anItemIsItsPayloadWhereverItStands() throws Exception {
        Item item = new Item(Key.of("a", "b"), Map.of("subject", "light"), 7, Instant.EPOCH, Map.of("f", "g"));

        done(through(
                List.of(Map.of("operation", "put", "sortKey", "1", "value", item)),
                Map.of(),
                store("operation=transact&partitionKey=customer")));
        assertThat(payload().m()).isEqualTo(Map.of("subject", text("light")));

        done(put(List.of(item)));
        assertThat(payload().l().get(0).m()).isEqualTo(Map.of("subject", text("light")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "json", "text", "binary"})
    void whatIsNoValueIsRefused(String format) throws Exception {
        given("customer", "1", "one");
        String stream = store("operation=list&partitionKey=customer&stream=true");
        String write = store("partitionKey=copy&sortKey=1&operation=put&payloadFormat=" + format);
        Exchange streamed = through(null, Map.of(), stream, write);
        assertThat(failure(streamed, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[copy, 1]", "no value");
        for (Object body : new Object[] {
            Stream.of("a"),
            List.of("a").iterator(),
            CompletableFuture.completedFuture("a"),
            new DefaultExchange(context),
            new DefaultExchange(context).getMessage(),
            context,
            recorded(),
            Thread.currentThread()
        }) {
            HTTP.clear();
            assertThat(refusal(through(body, Map.of(), write), InvalidInputException.class))
                    .hasMessageContainingAll(
                            "Table " + table, "[copy, 1]", body.getClass().getName());
            assertThat(refusal(through(Map.of("a", body), Map.of(), store(KEYS + "put")), InvalidInputException.class))
                    .hasMessageContaining("no value");
        }
        refusal(through(new Object(), Map.of(), write), InvalidInputException.class);
        refusal(put(List.of(new ByteArrayInputStream("a".getBytes(UTF_8)))), InvalidInputException.class);
        assertThat(stored()).hasSize(1);
    }

    @Test
    @Timeout(20)
    void aNumberWithManyZerosTakesNoTime() throws Exception {
        BigDecimal zeros = new BigDecimal(java.math.BigInteger.TEN.pow(200_000), 200_000);
        record Price(BigDecimal amount) {}

        done(put(zeros));
        assertThat(payload()).isEqualTo(number(1));
        done(put(new Price(zeros)));
        assertThat(payload().m()).containsEntry("amount", number(1));
        HTTP.clear();
        refusal(put(zeros.add(BigDecimal.ONE.scaleByPowerOfTen(-200_000))), InvalidInputException.class);
        refusal(
                through(
                        "x",
                        Map.of(DynaStoreConstants.EXPECTED_VERSION, zeros.add(new BigDecimal("0.5"))),
                        store(KEYS + "put")),
                InvalidInputException.class);
    }

    @Test
    void deepAndMalformedAttributeValuesAreRefused() throws Exception {
        AttributeValue deep = AttributeValue.fromS("SECRET");
        for (int i = 0; i < 200_000; i++) {
            deep = AttributeValue.fromL(Collections.singletonList(deep));
        }
        for (Object body : new Object[] {
            deep,
            AttributeValue.builder().build(),
            AttributeValue.builder().s("SECRET").n("1").build(),
            AttributeValue.fromN("SECRET"),
            AttributeValue.fromNul(false),
            AttributeValue.fromSs(List.of()),
            AttributeValue.fromNs(List.of("1", "1")),
            AttributeValue.fromM(Map.of("a", AttributeValue.builder().build()))
        }) {
            assertThat(refusal(put(body), InvalidInputException.class))
                    .hasMessageContainingAll("Table " + table, "[customer, 1]")
                    .hasMessageNotContaining("SECRET");
        }
        done(put(AttributeValue.fromM(Map.of("a", AttributeValue.fromNs(List.of("1", "2"))))));
        assertThat(payload().m()).containsKey("a");
    }

    @Test
    void anErrorInABeanEndsTheExchange() throws Exception {
        Object broken = new Object() {
            @SuppressWarnings({"unused", "EffectivelyPrivate"})
            public String getName() {
                throw new StackOverflowError();
            }
        };
        Object worse = new Object() {
            @Override
            public String toString() {
                throw new LinkageError("no class");
            }
        };

        assertThat(put(broken).getException()).isInstanceOf(InvalidInputException.class);
        assertThat(through(worse, Map.of(), store(KEYS + "put&payloadFormat=text"))
                        .getException())
                .isNotNull();
    }

    @Test
    void anItemIsWrittenByAMapperWithoutModules() throws Exception {
        Item item = new Item(Key.of("a", "b"), "x", 1, Instant.ofEpochSecond(1), Map.of());

        assertThat(new ObjectMapper()
                        .readTree(new ObjectMapper().writeValueAsString(item))
                        .get("expires")
                        .asText())
                .isEqualTo("1970-01-01T00:00:01Z");
        assertThat(new ObjectMapper().writeValueAsString(new Item(Key.of("a"), "x", 1, null, Map.of())))
                .contains("\"expires\":null");
    }

    @Test
    void aMapperWithDefaultTypingConvertsNoItem() throws Exception {
        ObjectMapper typing = JsonMapper.builder()
                .activateDefaultTyping(BasicPolymorphicTypeValidator.builder()
                        .allowIfBaseType(Object.class)
                        .build())
                .build();
        context.getRegistry().bind("typing", typing);
        Exchange exchange = new DefaultExchange(context);
        Item item = new Item(Key.of("a"), "{\"a\":[\"java.util.HashSet\",[]]}", 1, null, Map.of());

        assertThatThrownBy(() -> context.getTypeConverter().convertTo(Map.class, exchange, item))
                .isInstanceOf(TypeConversionException.class)
                .hasStackTraceContaining("default typing");

        context.getRegistry().bind("own", JsonMapper.builder().build());
        context.getEndpoint(store("operation=get&objectMapper=#own"));
        assertThat((Object) context.getTypeConverter().convertTo(Map.class, exchange, item))
                .isEqualTo(Map.of("a", List.of("java.util.HashSet", List.of())));
    }
}
