/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.apache.camel.spi.OptimisticLockingAggregationRepository.OptimisticLockingException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an aggregation repository stores of an exchange, and how large it may be. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class AggregatedContentTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final long SEED = 20261129;

    private final String table = dynamo.table("aggregation");
    private final AggregationNode node = new AggregationNode(dynamo, table, StateTests.clock());
    private final AggregationNode other = new AggregationNode(dynamo, table, StateTests.clock());

    /** A class of the application. */
    record Order(String id, int pieces) implements Serializable {}

    @BeforeEach
    void start() throws Exception {
        node.started();
        other.repository.setAllowedClasses(Order.class.getName() + "," + Fragile.class.getName());
        other.started();
    }

    @AfterEach
    void stop() {
        node.close();
        other.close();
    }

    @SuppressWarnings("JavaUtilDate") // users have such values
    static Stream<Object> values() {
        Map<String, Object> ordered = new LinkedHashMap<>();
        ordered.put("z", 1);
        ordered.put("a", Arrays.asList(1, null, "x"));
        return Stream.of(
                "text",
                "",
                "half a pair \ud800",
                true,
                7L,
                7,
                (short) 7,
                (byte) 7,
                7.5,
                Double.NaN,
                7.5f,
                new BigDecimal("7.50"),
                'c',
                new byte[] {1, 2, 3},
                new int[] {1, 2},
                UUID.fromString("00000000-0000-0000-0000-000000000007"),
                Instant.parse("2026-11-29T12:00:00.123456789Z"),
                LocalDate.of(2026, 11, 29),
                new Date(1_772_366_420_250L),
                Locale.GERMANY,
                List.of("a", 1, List.of()),
                ordered,
                Map.of("a", Map.of("b", 1L)),
                new TreeMap<>(Map.of("b", 2, "a", 1)),
                new LinkedHashSet<>(List.of(3, 1, 2)));
    }

    /** A class that fails in its own way. */
    private static final class Fragile implements Serializable {
        private static final long serialVersionUID = 1L;
        private static boolean writable = true;
        private static boolean readable = true;

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (!writable) {
                throw new IllegalStateException("secret");
            }
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (!readable) {
                throw new NoClassDefFoundError("told so");
            }
        }
    }

    @Test
    void propertyOrBodyWhoseSerializationFailsIsRefused() {
        Fragile.writable = false;
        try {
            Exchange exchange = other.message("1");
            exchange.setProperty("fragile", new Fragile());
            assertThatThrownBy(() -> other.repository.add(other.context, "a", null, exchange))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("property fragile of the exchange can't be stored");
            assertThatThrownBy(() -> other.repository.add(other.context, "b", null, other.message(new Fragile())))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("IllegalStateException")
                    .hasMessageNotContaining("secret");
        } finally {
            Fragile.writable = true;
        }
    }

    @Test
    void groupWithAClassThatCannotBeLinkedDoesNotEndTheRecovery() {
        other.repository.add(other.context, "a", null, other.message(new Fragile()));
        String id = AggregationNodesContract.failed(other.complete("a"));
        Fragile.readable = false;
        try {
            assertThat(other.repository.recover(other.context, id)).isNull();
        } finally {
            Fragile.readable = true;
        }
        assertThat(other.repository.recover(other.context, id)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueIsReadAsItWasWritten(Object value) {
        Exchange exchange = node.message(value);
        exchange.getMessage().setHeader("value", value);
        node.repository.add(node.context, "a", null, exchange);

        Exchange read = other.get("a");

        assertThat(read.getMessage().getBody()).isEqualTo(value);
        assertThat(read.getMessage().getHeader("value")).isEqualTo(value);
        if (value instanceof LinkedHashMap<?, ?> map) {
            assertThat(read.getMessage().getBody(Map.class).keySet().toString())
                    .isEqualTo(map.keySet().toString());
        }
        if (!(value instanceof List) && !value.getClass().getName().contains("Immutable")) {
            assertThat(read.getMessage().getBody()).isExactlyInstanceOf(value.getClass());
        }
    }

    @Test
    void simpleValuesCanBeReadInTheTable() {
        Exchange exchange = node.message("hello");
        exchange.getMessage().setHeader("colour", "red");
        node.repository.add(node.context, "a", null, exchange);

        Map<String, AttributeValue> item = item("a");

        assertThat(item).containsEntry("_dsbody", AttributeValue.fromS("hello"));
        assertThat(Objects.requireNonNull(item.get("_dsheaders")).m())
                .containsEntry("colour", AttributeValue.fromS("red"));
    }

    @Test
    void classThatIsNotAllowedIsRefusedWhenItIsWritten() {
        node.aggregate("a", "1");
        Exchange old = node.get("a");
        old.getMessage().setBody(new Order("4711", 3));

        assertThatThrownBy(() -> node.repository.add(node.context, "a", old, old))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "Table " + table + ", correlation key a: the body of the exchange can't be stored")
                .hasMessageContaining(Order.class.getName() + " is not stored: name the class in allowedClasses")
                .hasMessageNotContaining("4711");
        old.getMessage().setBody(List.of(Map.of("order", new Order("4711", 3))));
        assertThatThrownBy(() -> node.repository.remove(node.context, "a", old))
                .isInstanceOf(InvalidInputException.class);

        assertThat(other.body("a")).isEqualTo("1");
        assertThat(node.repository.getInFlightCount()).isZero();
    }

    @Test
    void allowedClassIsStoredAndReadOnlyWhereItIsAllowed() {
        other.repository.add(other.context, "a", null, other.message(List.of(new Order("4711", 3))));

        assertThat(other.get("a").getMessage().getBody()).isEqualTo(List.of(new Order("4711", 3)));
        assertThatThrownBy(() -> node.get("a"))
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("correlation key a: the group can't be read")
                .hasMessageContaining("name it in allowedClasses");
    }

    @Test
    void messageWithAttachmentsIsRefused() {
        Exchange exchange = node.message("1");
        exchange.getExchangeExtension().setSafeCopyProperty("CamelAttachmentObjects", new Attachments());

        assertThatThrownBy(() -> node.repository.add(node.context, "a", null, exchange))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Table " + table + ", correlation key a: attachments of the exchange");
    }

    /** As camel-attachments keeps them. */
    private static final class Attachments implements SafeCopyProperty {
        @Override
        public Attachments safeCopy() {
            return this;
        }
    }

    @Test
    void headerOfAClassThatIsNotAllowedIsRefusedAndOneThatNoStoreCanKeepIsLeftOut() {
        Exchange exchange = node.message("1");
        exchange.getMessage().setHeader("connection", new Object());
        node.repository.add(node.context, "a", null, exchange);
        assertThat(node.get("a").getMessage().getHeaders()).doesNotContainKey("connection");

        exchange.getMessage().setHeader("order", new Order("4711", 3));
        assertThatThrownBy(() -> node.repository.add(node.context, "a", exchange, exchange))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("header order of the exchange can't be stored");
    }

    @Test
    void propertyOfAClassThatIsNotAllowedIsRefused() {
        Exchange exchange = node.message("1");
        exchange.setProperty("order", new Order("4711", 3));

        assertThatThrownBy(() -> node.repository.add(node.context, "a", null, exchange))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Table " + table + ", correlation key a: property order of the exchange")
                .hasMessageContaining("name the class in allowedClasses")
                .hasMessageNotContaining("4711");
        assertThat(node.body("a")).isNull();
    }

    @Test
    void propertyThatNoStoreCanKeepIsLeftOutUnlessTheStrategyHasSetIt() {
        Exchange exchange = node.message("1");
        exchange.setProperty("connection", new Object());
        node.repository.add(node.context, "a", null, exchange);
        Exchange old = node.get("a");
        assertThat(old.getProperty("connection")).isNull();
        old.setProperty("connection", new Object());

        assertThatThrownBy(() -> node.repository.add(node.context, "a", old, old))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("property connection of the exchange can't be stored");
        assertThatThrownBy(() -> node.repository.remove(node.context, "a", old))
                .isInstanceOf(InvalidInputException.class);
        assertThat(other.body("a")).isEqualTo("1");
    }

    @Test
    void streamIsRefused() {
        Exchange exchange = node.message(new ByteArrayInputStream(new byte[3]));

        assertThatThrownBy(() -> node.repository.add(node.context, "a", null, exchange))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("convert it to text or bytes before the aggregation");
    }

    @Test
    void largeTextIsCompressedIntoOneItem() {
        String large = "hello ".repeat(500_000);
        node.aggregate("a", large);

        assertThat(other.body("a")).isEqualTo(large);
        assertThat(parts()).isZero();
        assertThat(item("a")).containsKey("_dspacked");
        String id = node.complete("a").getExchangeId();
        assertThat(node.repository.confirmWithResult(node.context, id)).isTrue();
    }

    @Test
    void largeBytesAreSplitAndNoPartIsLeft() {
        byte[] large = random(2_000_000);
        node.repository.add(node.context, "a", null, node.message(large));
        assertThat(parts()).isEqualTo(6);
        Exchange old = other.get("a");
        assertThat(old.getMessage().getBody()).isEqualTo(large);
        byte[] less = random(1_000_000);
        old.getMessage().setBody(less);
        other.repository.add(other.context, "a", old, old);
        assertThat(parts()).isEqualTo(3);

        Exchange failed = node.complete("a");
        assertThat(parts()).isEqualTo(3);
        failed.setException(new IllegalStateException("told so"));
        AggregationNode.end(failed);
        node.repository.scan(node.context);
        Exchange recovered = Objects.requireNonNull(node.repository.recover(node.context, failed.getExchangeId()));
        assertThat(recovered.getMessage().getBody()).isEqualTo(less);
        assertThat(node.repository.confirmWithResult(node.context, failed.getExchangeId()))
                .isTrue();
        assertThat(parts()).isZero();
    }

    @Test
    void tooLargeGroupFailsTheMessageAndStaysAsItWas() {
        node.aggregate("a", "1");
        Exchange old = node.get("a");
        old.getMessage().setBody(random(4_100_000));

        assertThatThrownBy(() -> node.repository.add(node.context, "a", old, old))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Table " + table + ", correlation key a: the group has")
                .hasMessageContaining("The group stays as it was");
        assertThatThrownBy(() -> node.repository.remove(node.context, "a", old))
                .isInstanceOf(InvalidInputException.class);

        assertThat(other.body("a")).isEqualTo("1");
    }

    @Test
    void oddCorrelationKeysHaveGroupsOfTheirOwn() {
        List<String> keys = List.of(" ", "x".repeat(2000), "x".repeat(2001), "sha256/1", "a/b", "\u00e4\n");
        keys.forEach(key -> node.aggregate(key, key));

        keys.forEach(key -> assertThat(other.body(key)).isEqualTo(key));
        assertThat(other.repository.getKeys()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void conflictWithAReplacedContentIsNoError() {
        node.repository.add(node.context, "a", null, node.message(random(800_000)));
        Exchange stale = node.get("a");
        Exchange fresh = other.get("a");
        other.repository.add(other.context, "a", fresh, fresh);

        assertThatThrownBy(() -> node.repository.add(node.context, "a", stale, stale))
                .isInstanceOf(OptimisticLockingException.class);
        assertThat(parts()).isEqualTo(3);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    private long parts() {
        return dynamo.rawScan(table).stream()
                .filter(item -> Objects.requireNonNull(item.get("id")).s().contains("/parts/"))
                .count();
    }

    private Map<String, AttributeValue> item(String key) {
        return dynamo.rawScan(table).stream()
                .filter(item -> Objects.requireNonNull(item.get("name")).s().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
