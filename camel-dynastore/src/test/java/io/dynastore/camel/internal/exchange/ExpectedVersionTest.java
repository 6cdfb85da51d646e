/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.VersionConflictException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The version that a write expects: that of the header, else the version of the item that the exchange last saw. */
class ExpectedVersionTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1";

    private Processor anotherWriterPuts(String id, String name, long version) {
        return exchange -> dynamo.rawPut(table, item(id, name, "theirs", version));
    }

    private Exchange readThenWrite(String read, Processor between, String write) throws Exception {
        String start = route((builder, from) -> from.to(store(read))
                .process(between)
                .setBody(builder.constant("mine"))
                .to(store(write)));
        return send(start, null, Map.of(DynaStoreConstants.KEYS, List.of("1")));
    }

    private static Processor nothing() {
        return exchange -> {};
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                KEYS + "&operation=get",
                KEYS + "&operation=exists",
                KEYS + "&operation=put",
                "operation=list&partitionKey=customer",
                "operation=batchGet&partitionKey=customer"
            })
    void seenVersionIsExpectedByALaterUpdateOrDelete(String seeing) throws Exception {
        for (String write : List.of("update", "delete")) {
            given("customer", "1", "old");

            Exchange conflict =
                    readThenWrite(seeing, anotherWriterPuts("customer", "1", 7), KEYS + "&operation=" + write);

            VersionConflictException error = failure(conflict, VersionConflictException.class);
            assertThat(error).hasMessageContainingAll("Table " + table, "[customer, 1]", "Read the item again");
            assertThat(error.expected()).isEqualTo(seeing.endsWith("put") ? 2 : 1);
            assertThat(error.actual()).isEqualTo(7);
            assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "theirs", 7));

            given("customer", "1", "old");
            done(readThenWrite(seeing, nothing(), KEYS + "&operation=" + write));
        }
    }

    @Test
    void itemDeletedInBetweenIsNotFound() throws Exception {
        given("customer", "1", "old");

        Exchange exchange = readThenWrite(
                KEYS + "&operation=get",
                e -> dynamo.client()
                        .deleteItem(d -> d.tableName(table).key(key("customer", "1")))
                        .join(),
                KEYS + "&operation=update");

        failure(exchange, KeyNotFoundException.class);
        assertThat(stored("customer", "1")).isEmpty();
    }

    @Test
    void severalItemsAreKeptApart() throws Exception {
        dynamo.rawPut(table, item("customer", "1", "a", 3));
        dynamo.rawPut(table, item("customer", "2", "b", 8));
        String two = "partitionKey=customer&sortKey=2";

        done(through(
                null,
                Map.of(),
                store(KEYS + "&operation=get"),
                store(two + "&operation=get"),
                store(KEYS + "&operation=update"),
                store(two + "&operation=update"),
                store(KEYS + "&operation=update")));

        assertThat(stored("customer", "1")).containsEntry("version", number(5));
        assertThat(stored("customer", "2")).containsEntry("version", number(9));
        assertThat(HTTP.requests())
                .filteredOn(request -> request.operation().equals("UpdateItem"))
                .allSatisfy(update -> assertThat(
                                update.request().path("ReturnValues").asText("NONE"))
                        .as("a versioned write gets nothing back")
                        .isEqualTo("NONE"));
    }

    @Test
    void headerWinsOverTheSeenVersion() throws Exception {
        given("customer", "1", "old");

        Exchange exchange = readThenWrite(
                KEYS + "&operation=get",
                e -> e.getMessage().setHeader(DynaStoreConstants.EXPECTED_VERSION, "6"),
                KEYS + "&operation=update");

        assertThat(failure(exchange, VersionConflictException.class).expected()).isEqualTo(6);
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "old", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "delete", "put"})
    void versionHeaderIsNeverAnInput(String operation) throws Exception {
        given("customer", "1", "old");

        done(through("new", Map.of(DynaStoreConstants.VERSION, 99L), store(KEYS + "&operation=" + operation)));
    }

    @Test
    void withoutOptimisticLockingOnlyTheHeaderIsExpected() throws Exception {
        given("customer", "1", "old");
        String update = KEYS + "&operation=update&optimisticLocking=false";

        done(readThenWrite(KEYS + "&operation=get", anotherWriterPuts("customer", "1", 7), update));
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "mine", 8));

        Exchange explicit = readThenWrite(
                KEYS + "&operation=get",
                e -> e.getMessage().setHeader(DynaStoreConstants.EXPECTED_VERSION, 7L),
                update);
        failure(explicit, VersionConflictException.class);
    }

    @Test
    void optimisticLockingMayBeSwitchedByAHeader() throws Exception {
        given("customer", "1", "old");

        done(readThenWrite(
                KEYS + "&operation=get",
                e -> {
                    anotherWriterPuts("customer", "1", 7).process(e);
                    e.getMessage().setHeader(DynaStoreConstants.OPTIMISTIC_LOCKING, false);
                },
                KEYS + "&operation=update"));
    }

    @Test
    void putExpectsOnlyTheVersionOfTheHeader() throws Exception {
        given("customer", "1", "old");

        done(readThenWrite(KEYS + "&operation=get", anotherWriterPuts("customer", "1", 7), KEYS + "&operation=put"));
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "mine", 8));

        Exchange explicit =
                through("x", Map.of(DynaStoreConstants.EXPECTED_VERSION, 7L), store(KEYS + "&operation=put"));
        failure(explicit, VersionConflictException.class);
    }

    @Test
    void zeroMeansALiveItemWithoutAVersion() throws Exception {
        Map<String, AttributeValue> unversioned = new HashMap<>(item("customer", "1", "old", 1));
        unversioned.remove("version");
        dynamo.rawPut(table, unversioned);

        done(readThenWrite(KEYS + "&operation=get", nothing(), KEYS + "&operation=update"));
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "mine", 1));

        Exchange again =
                through("x", Map.of(DynaStoreConstants.EXPECTED_VERSION, 0), store(KEYS + "&operation=update"));
        failure(again, VersionConflictException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "delete"})
    void itemInTheBodySuppliesItsVersion(String operation) throws Exception {
        given("customer", "1", "old");
        Item stale = new Item(Key.of("customer", "1"), "mine", 4, null, Map.of());

        failure(through(stale, Map.of(), store("operation=" + operation)), VersionConflictException.class);
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "old", 1));

        Item fresh = new Item(Key.of("customer", "1"), "mine", 1, null, Map.of());
        done(through(fresh, Map.of(), store("operation=" + operation)));
    }

    @Test
    void versionOfAnItemInTheBodyIsNotExpectedOfAnotherKey() throws Exception {
        given("customer", "2", "old");
        Item other = new Item(Key.of("customer", "1"), "mine", 4, null, Map.of());

        done(through(other, Map.of(), store("operation=update&sortKey=2")));

        assertThat(stored("customer", "2")).isEqualTo(item("customer", "2", "mine", 2));
    }

    @Test
    void afterDeleteAndCreateTheNewIncarnationIsExpected() throws Exception {
        dynamo.rawPut(table, item("customer", "1", "old", 7));

        done(through(
                "new",
                Map.of(),
                store(KEYS + "&operation=exists"),
                store(KEYS + "&operation=delete"),
                store(KEYS + "&operation=create"),
                store(KEYS + "&operation=update")));

        assertThat(stored("customer", "1")).containsEntry("version", number(2));
    }

    @Test
    void deleteForgetsTheVersionSoThatALaterItemIsUpdated() throws Exception {
        given("customer", "1", "old");
        String start = route((builder, from) -> from.to(store("operation=list&partitionKey=customer"))
                .to(store(KEYS + "&operation=delete"))
                .process(anotherWriterPuts("customer", "1", 5))
                .setBody(builder.constant("mine"))
                .to(store(KEYS + "&operation=update")));

        done(send(start, null, Map.of()));

        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "mine", 6));
    }

    @Test
    void twoTablesWithEqualKeysAreKeptApart() throws Exception {
        String other = dynamo.table("others", WITH_SORT_KEY);
        dynamo.rawPut(table, item("customer", "1", "a", 3));
        dynamo.rawPut(other, item("customer", "1", "b", 8));

        done(through(
                null,
                Map.of(),
                store(KEYS + "&operation=get"),
                "dynastore:" + other + "?" + KEYS + "&operation=get",
                store(KEYS + "&operation=update"),
                "dynastore:" + other + "?" + KEYS + "&operation=update"));

        assertThat(stored("customer", "1")).containsEntry("version", number(4));
        assertThat(dynamo.rawGet(other, key("customer", "1"))).containsEntry("version", number(9));
    }
}
