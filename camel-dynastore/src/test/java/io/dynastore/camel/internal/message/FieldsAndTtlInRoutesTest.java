/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.ReservedFieldException;
import java.nio.CharBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsAndTtlInRoutesTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1";

    private long storedExpiry() {
        return Long.parseLong(
                Objects.requireNonNull(stored("customer", "1").get("expires")).n());
    }

    static Stream<Object> twentyMinutes() {
        return Stream.of(
                Duration.ofMinutes(20),
                Duration.ofMinutes(20).minusMillis(999),
                "20m",
                " 20M ",
                "1200s",
                "1200000ms",
                "PT20M",
                "pt0h20m",
                "19m59s1ms",
                CharBuffer.wrap("20m"));
    }

    @ParameterizedTest
    @MethodSource("twentyMinutes")
    void whateverStandsForTwentyMinutesIsRoundedUpToWholeSeconds(Object ttl) throws Exception {
        long before = Instant.now().getEpochSecond();

        Exchange exchange =
                through("value", Map.of(DynaStoreConstants.TTL, ttl), store(KEYS + "&operation=create&ttl=1d"));

        long after = Instant.now().getEpochSecond();
        assertThat(storedExpiry()).isBetween(before + 1200, after + 1200);
        assertThat(done(exchange).getHeader(DynaStoreConstants.EXPIRES))
                .isEqualTo(Instant.ofEpochSecond(storedExpiry()));
    }

    @Test
    void theOptionCountsWhereThereIsNoHeader() throws Exception {
        done(through("value", Map.of(), store(KEYS + "&operation=create&ttl=1d")));

        assertThat(storedExpiry())
                .isCloseTo(Instant.now().getEpochSecond() + 86_400, org.assertj.core.data.Offset.offset(60L));
    }

    @Test
    void noneRemovesAnExpiryAndNothingLeavesItAsItIs() throws Exception {
        done(through("value", Map.of(), store(KEYS + "&operation=create&ttl=1d")));
        long expiry = storedExpiry();

        done(through("value", Map.of(), store(KEYS + "&operation=update")));
        assertThat(storedExpiry()).isEqualTo(expiry);

        done(through("value", Map.of(DynaStoreConstants.TTL, "none"), store(KEYS + "&operation=update&ttl=20m")));
        assertThat(stored("customer", "1")).doesNotContainKey("expires").containsEntry("version", number(3));
    }

    static Stream<Object> refused() {
        return Stream.of(
                20,
                20L,
                "20",
                "",
                " ",
                "0s",
                "PT0S",
                Duration.ZERO,
                Duration.ofSeconds(-1),
                "PT-1S",
                "20x",
                "20 minuets",
                "m20",
                "20m5",
                "1m2h",
                "soon",
                true,
                List.of("20m"),
                "999999999999999d");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aTimeToLiveThatCanNotBeMeantSoIsRefusedBeforeAnythingIsSent(Object ttl) throws Exception {
        Exchange exchange = through("value", Map.of(DynaStoreConstants.TTL, ttl), store(KEYS + "&operation=put"));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "time to live");
        assertThat(stored("customer", "1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "0s", "20x", "soon"})
    void theSameInTheUriStopsTheStart(String ttl) {
        assertThatThrownBy(() -> through("value", Map.of(), store(KEYS + "&operation=put&ttl=" + ttl)))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("Table " + table, "time to live");
    }

    @Test
    void aWriteSetsFieldsKeepsOthersAndRemovesThoseThatAreNull() throws Exception {
        Map<String, Object> fields = new HashMap<>();
        fields.put("colour", "red");
        fields.put("a.b[0]", 7);
        fields.put("tags", List.of("x"));
        done(through("value", Map.of(DynaStoreConstants.FIELDS, fields), store(KEYS + "&operation=create")));
        assertThat(stored("customer", "1")).containsEntry("colour", text("red")).containsEntry("a.b[0]", number(7));

        Map<String, Object> change = new HashMap<>();
        change.put("a.b[0]", null);
        change.put("size", "L");
        done(through("value", Map.of(DynaStoreConstants.FIELDS, change), store(KEYS + "&operation=update")));

        assertThat(stored("customer", "1"))
                .doesNotContainKey("a.b[0]")
                .containsEntry("colour", text("red"))
                .containsEntry("size", text("L"))
                .containsKey("tags");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "name", "version", "expires", "payload", "_ds", "_dsOwner"})
    void aReservedFieldIsRefusedBeforeAnythingIsSent(String field) throws Exception {
        Exchange exchange =
                through("value", Map.of(DynaStoreConstants.FIELDS, Map.of(field, "x")), store(KEYS + "&operation=put"));

        assertThat(refusal(exchange, ReservedFieldException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", "'" + field + "'");
    }

    @Test
    void aRenamedAttributeIsReservedAndItsOldNameIsFree() throws Exception {
        String uri = store(KEYS + "&operation=put&versionName=rev&expiresName=until&payloadName=content");

        refusal(
                through("value", Map.of(DynaStoreConstants.FIELDS, Map.of("rev", 1)), uri),
                ReservedFieldException.class);
        done(through("value", Map.of(DynaStoreConstants.FIELDS, Map.of("version", "mine")), uri + "&ttl=1d"));

        assertThat(stored("customer", "1"))
                .containsEntry("version", text("mine"))
                .containsEntry("rev", number(1))
                .containsEntry("content", text("value"))
                .containsKey("until")
                .doesNotContainKeys("payload", "expires");
    }

    @Test
    void fieldsThatAreNoMapAreRefusedWithoutTheirValue() throws Exception {
        Exchange exchange =
                through("value", Map.of(DynaStoreConstants.FIELDS, "secret"), store(KEYS + "&operation=put"));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", DynaStoreConstants.FIELDS, "Map")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aHeaderThatCanNotBeReadIsNamedWithoutItsValue() throws Exception {
        Map<String, String> headers = Map.of(
                DynaStoreConstants.EXPECTED_VERSION, "update",
                DynaStoreConstants.OPTIMISTIC_LOCKING, "update",
                DynaStoreConstants.MUST_EXIST, "delete",
                DynaStoreConstants.FAIL_IF_MISSING, "get",
                DynaStoreConstants.PAYLOAD_FORMAT, "get",
                DynaStoreConstants.LIMIT, "list",
                DynaStoreConstants.INDEX_SORT_KEY_TYPE, "list");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            Exchange exchange = through(
                    "value", Map.of(header.getKey(), "secret"), store(KEYS + "&operation=" + header.getValue()));

            assertThat(refusal(exchange, InvalidInputException.class))
                    .as(header.getKey())
                    .hasMessageContainingAll("Table " + table, header.getKey())
                    .hasMessageNotContaining("secret");
        }
    }
}
