/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DOUBLE;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.Item;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The body and the headers after each operation: what it says, and that nothing of an earlier one is left. */
class OutcomeHeadersTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1";

    private static final Instant EXPIRES = Instant.ofEpochSecond(4_000_000_000L);

    /** As if operations before had left every output behind. */
    private static final Map<String, Object> STALE = Map.of(
            DynaStoreConstants.VERSION,
            99L,
            DynaStoreConstants.EXPIRES,
            Instant.EPOCH,
            DynaStoreConstants.ITEM_FIELDS,
            Map.of("stale", true),
            DynaStoreConstants.FOUND,
            "stale",
            DynaStoreConstants.COUNT,
            99,
            DynaStoreConstants.CONSUMED_CAPACITY,
            99.0,
            "Mine",
            "stays");

    @BeforeEach
    void anItem() {
        Map<String, AttributeValue> item = new HashMap<>(item("customer", "1", "old", 5));
        item.put("expires", number(EXPIRES.getEpochSecond()));
        item.put("colour", text("red"));
        dynamo.rawPut(table, item);
        given("customer", "2", "second");
    }

    private Exchange run(String options) throws Exception {
        return through("body", STALE, store(options));
    }

    private static Set<String> names(Message message) {
        Set<String> names = new TreeSet<>(message.getHeaders().keySet());
        names.removeIf(name -> !name.startsWith("CamelDynaStore"));
        return names;
    }

    private static void assertHeaders(Message message, String... expected) {
        assertThat(names(message)).containsExactlyInAnyOrder(expected);
        assertThat(message.getHeader("Mine")).isEqualTo("stays");
        assertThat(message.getHeader(DynaStoreConstants.CONSUMED_CAPACITY))
                .asInstanceOf(DOUBLE)
                .isBetween(0.4, 20.0);
    }

    @Test
    void createTellsVersionAndKeepsTheBody() throws Exception {
        Message message = done(run("operation=create&partitionKey=new&sortKey=1"));

        assertThat(message.getBody()).isEqualTo("body");
        assertHeaders(message, DynaStoreConstants.VERSION, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(message.getHeader(DynaStoreConstants.VERSION)).isEqualTo(1L);
    }

    @ParameterizedTest
    @CsvSource({"put,6", "update,6"})
    void aWriteTellsTheNewVersionAndKeepsTheBody(String operation, long version) throws Exception {
        Message message = done(run(KEYS + "&operation=" + operation));

        assertThat(message.getBody()).isEqualTo("body");
        assertHeaders(message, DynaStoreConstants.VERSION, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(message.getHeader(DynaStoreConstants.VERSION)).isEqualTo(version);
        assertThat(stored("customer", "1"))
                .containsEntry("version", number(version))
                .containsEntry("payload", text("body"))
                .containsEntry("colour", text("red"))
                .containsEntry("expires", number(EXPIRES.getEpochSecond()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "update"})
    void aWriteThatNobodyAskedTheVersionOfTellsNone(String operation) throws Exception {
        Message message = done(run(KEYS + "&returnVersion=false&operation=" + operation));

        assertHeaders(message, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(stored("customer", "1")).containsEntry("version", number(6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create&partitionKey=new&sortKey=1", "put&" + KEYS, "update&" + KEYS})
    void aWriteTellsTheExpiryThatItSet(String operation) throws Exception {
        Message message = done(run("ttl=20m&operation=" + operation));

        assertHeaders(
                message, DynaStoreConstants.VERSION, DynaStoreConstants.EXPIRES, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(message.getHeader(DynaStoreConstants.EXPIRES, Instant.class))
                .isBetween(Instant.now().plusSeconds(1_100), Instant.now().plusSeconds(1_201));
    }

    @Test
    void getGivesValueVersionExpiryFieldsAndFound() throws Exception {
        Message message = done(run(KEYS + "&operation=get"));

        assertThat(message.getBody()).isEqualTo("old");
        assertHeaders(
                message,
                DynaStoreConstants.VERSION,
                DynaStoreConstants.EXPIRES,
                DynaStoreConstants.ITEM_FIELDS,
                DynaStoreConstants.FOUND,
                DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(message.getHeaders())
                .containsEntry(DynaStoreConstants.VERSION, 5L)
                .containsEntry(DynaStoreConstants.EXPIRES, EXPIRES)
                .containsEntry(DynaStoreConstants.ITEM_FIELDS, Map.of("colour", "red"))
                .containsEntry(DynaStoreConstants.FOUND, true);
    }

    @Test
    void getOfAMissingItemMayGiveANullBodyAndNotFound() throws Exception {
        Message message = done(run("operation=get&partitionKey=none&sortKey=1&failIfMissing=false"));

        assertThat(message.getBody()).isNull();
        assertHeaders(message, DynaStoreConstants.FOUND, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(message.getHeader(DynaStoreConstants.FOUND)).isEqualTo(false);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "none,false"})
    void existsGivesABooleanTwice(String sortKey, boolean found) throws Exception {
        Message message = done(run("operation=exists&partitionKey=customer&sortKey=" + sortKey));

        assertThat(message.getBody()).isEqualTo(found);
        assertThat(message.getHeader(DynaStoreConstants.FOUND)).isEqualTo(found);
        assertThat(message.getHeader(DynaStoreConstants.VERSION)).isEqualTo(found ? 5L : null);
        assertThat(message.getHeader(DynaStoreConstants.EXPIRES)).isEqualTo(found ? EXPIRES : null);
        assertThat(names(message)).doesNotContain(DynaStoreConstants.ITEM_FIELDS, DynaStoreConstants.COUNT);
    }

    @Test
    void deleteTellsOnlyWhatItCost() throws Exception {
        Message message = done(run(KEYS + "&operation=delete"));

        assertThat(message.getBody()).isEqualTo("body");
        assertHeaders(message, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(stored("customer", "1")).isEmpty();
    }

    @Test
    void deleteOfAMissingItemMayPass() throws Exception {
        Message message = done(run("operation=delete&partitionKey=none&sortKey=1&mustExist=false"));

        assertThat(message.getBody()).isEqualTo("body");
        assertHeaders(message, DynaStoreConstants.CONSUMED_CAPACITY);
    }

    @Test
    void listGivesItemsCountAndTokenAndNoTokenAtTheEnd() throws Exception {
        Message first = done(run("operation=list&partitionKey=customer&limit=1"));

        assertThat(items(first)).extracting(Item::payload).containsExactly("old");
        assertHeaders(
                first, DynaStoreConstants.COUNT, DynaStoreConstants.NEXT_TOKEN, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(first.getHeader(DynaStoreConstants.COUNT)).isEqualTo(1);

        Message all = done(run("operation=list&partitionKey=customer"));

        assertThat(items(all)).hasSize(2);
        assertHeaders(all, DynaStoreConstants.COUNT, DynaStoreConstants.CONSUMED_CAPACITY);
        assertThat(all.getHeader(DynaStoreConstants.COUNT)).isEqualTo(2);
    }

    @Test
    void batchGetGivesItems() throws Exception {
        Map<String, Object> headers = new HashMap<>(STALE);
        headers.put(DynaStoreConstants.KEYS, List.of("2", "1"));

        Message message = done(through("body", headers, store("operation=batchGet&partitionKey=customer")));

        assertThat(items(message)).extracting(Item::payload).containsExactly("second", "old");
        assertThat(names(message))
                .containsExactlyInAnyOrder(DynaStoreConstants.KEYS, DynaStoreConstants.CONSUMED_CAPACITY);
    }

    @Test
    void aSuccessfulWriteRemovesWhatWasMeantForIt() throws Exception {
        for (String operation : List.of("update", "put", "delete")) {
            Map<String, Object> headers = new HashMap<>(STALE);
            headers.put(
                    DynaStoreConstants.EXPECTED_VERSION,
                    Long.parseLong(stored("customer", "1")
                            .getOrDefault("version", number(0))
                            .n()));
            headers.put(DynaStoreConstants.FIELDS, Map.of("colour", "blue"));

            Message message = done(through("body", headers, store(KEYS + "&operation=" + operation)));

            assertThat(names(message)).doesNotContain(DynaStoreConstants.EXPECTED_VERSION, DynaStoreConstants.FIELDS);
        }
    }

    @Test
    void aFailedWriteKeepsWhatWasMeantForItSoThatItCanBeRepeated() throws Exception {
        Map<String, Object> headers = new HashMap<>(STALE);
        headers.put(DynaStoreConstants.EXPECTED_VERSION, 4L);
        headers.put(DynaStoreConstants.FIELDS, Map.of("colour", "blue"));

        Message message =
                through("body", headers, store(KEYS + "&operation=update")).getMessage();

        assertThat(names(message))
                .containsExactlyInAnyOrder(DynaStoreConstants.EXPECTED_VERSION, DynaStoreConstants.FIELDS);
        assertThat(message.getBody()).isEqualTo("body");
    }

    @Test
    void aFailureLeavesNoResultOfAnEarlierOperationBehind() throws Exception {
        Exchange refused = run("operation=create&" + KEYS);
        failure(refused, KeyExistsException.class);
        assertThat(names(refused.getMessage())).isEmpty();

        Exchange missing = run("operation=get&partitionKey=none&sortKey=1");
        failure(missing, KeyNotFoundException.class);
        assertThat(names(missing.getMessage())).isEmpty();
        assertThat(missing.getMessage().getBody()).isEqualTo("body");

        Exchange invalid = run("operation=get&partitionKey=none");
        assertThat(invalid.getException()).isNotNull();
        assertThat(names(invalid.getMessage())).isEmpty();
    }
}
