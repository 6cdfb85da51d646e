/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TableSchemaTest {

    private final TableSchema schema = TableSchema.named("tickets");

    @ParameterizedTest
    @CsvSource({"a,a,v,e,p", "a,b,a,e,p", "a,b,v,a,p", "a,b,v,e,a", "a,b,v,b,p", "a,b,v,v,p", "a,b,v,e,e"})
    void noNameIsUsedTwice(String partition, String sort, String version, String expires, String payload) {
        assertThatThrownBy(() -> new TableSchema("tickets", text(partition), text(sort), version, expires, payload))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("tickets", "used twice");
    }

    @Test
    void noNameIsEmpty() {
        assertThatThrownBy(() -> text("")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new TableSchema("tickets", text("a"), null, "", "e", "p"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("tickets", "empty");
    }

    @Test
    void defaultNamesAreThoseOfDynastorev2() {
        assertThat(schema)
                .isEqualTo(new TableSchema("tickets", text("id"), text("name"), "version", "expires", "payload"));
    }

    @Test
    void keyIsDecodedOnlyWhereItIsOfTheDeclaredType() {
        AttributeValue text = AttributeValue.fromS("a");
        AttributeValue number = AttributeValue.fromN("1");

        assertThat(schema.decodeKey(Map.of("id", text, "name", text))).isEqualTo(Key.of("a", "a"));
        assertThat(schema.decodeKey(Map.of("id", text))).isNull();
        assertThat(schema.decodeKey(Map.of("name", text))).isNull();
        assertThat(schema.decodeKey(Map.of("id", number, "name", text))).isNull();
        assertThat(schema.decodeKey(Map.of("id", text, "name", number))).isNull();
        assertThat(new KeyAttribute("n", KeyType.NUMBER).decode(text)).isNull();
        assertThat(new KeyAttribute("b", KeyType.BINARY).decode(text)).isNull();
    }

    @Test
    void fieldsKeepTheirOrder() {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        for (String name : new String[] {"z", "id", "a", "_dsX", "payload", "m"}) {
            attributes.put(name, AttributeValue.fromS("x"));
        }

        assertThat(schema.fieldsOf(attributes).keySet()).containsExactly("z", "a", "m");
    }

    @Test
    void tableWithoutSortKeyDoesNotReserveItsDefaultName() {
        TableSchema single = new TableSchema("tickets", text("id"), null, "version", "expires", "payload");

        assertThat(single.reserves("name")).isFalse();
        assertThat(single.reserves("id")).isTrue();
        assertThat(single.decodeKey(Map.of("id", AttributeValue.fromS("a")))).isEqualTo(Key.of("a"));
    }

    @Test
    void timeToLiveIsPositiveAndNotForEver() {
        for (Duration refused : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofNanos(-1)}) {
            assertThatThrownBy(() -> Expiry.after(refused))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(refused.toString(), "none");
        }
        assertThatThrownBy(() -> Expiry.after(Duration.ofDays(365_250).plusNanos(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("too long");
        assertThat(new Expiry.After(Duration.ofDays(365_250)).from(Instant.EPOCH))
                .isEqualTo(Instant.EPOCH.plus(Duration.ofDays(365_250)));
    }

    @Test
    void onlyWritesWrite() {
        assertThat(Operation.values())
                .filteredOn(Operation::writes)
                .extracting(Operation::text)
                .containsExactly("create", "put", "update", "delete", "transact", "putAll", "createAll", "deleteAll");
    }

    private static KeyAttribute text(String name) {
        return new KeyAttribute(name, KeyType.STRING);
    }
}
