/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.TransactionFailedException;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** What the service finds invalid is reported with table, key, its reason and a remedy. */
class RejectedRequestsInRoutesTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1&operation=";

    @Override
    protected TableSpec tableSpec() {
        return TableSpec.partitionKey("id", S)
                .sortKey("name", S)
                .globalIndex(
                        "byStatus",
                        new TableSpec.KeySpec("status", S),
                        new TableSpec.KeySpec("rank", N),
                        ProjectionType.ALL);
    }

    static Stream<Object> wrongForTheIndex() {
        return Stream.of("", List.of("open"), Map.of());
    }

    @ParameterizedTest
    @MethodSource("wrongForTheIndex")
    void anIndexKeyOfAnotherTypeIsRefusedWithTheReasonOfTheService(Object status) throws Exception {
        if (status.equals("")) {
            EngineAbility.EMPTY_INDEX_KEYS_REFUSED.assume();
        }
        for (String operation : List.of("create", "put", "update")) {
            if (operation.equals("update")) {
                given("customer", "1", "one");
            }
            Exchange exchange = through(
                    "SECRET",
                    Map.of(DynaStoreConstants.FIELDS, Map.of("status", status, "rank", 1)),
                    store(KEYS + operation));

            assertThat(failure(exchange, InvalidInputException.class))
                    .hasMessageContainingAll("Table " + table, "[customer, 1]", "DynamoDB", "index")
                    .hasMessageNotContaining("SECRET")
                    .hasCauseInstanceOf(DynamoDbException.class);
        }
        assertThat(stored()).containsExactly(item("customer", "1", "one", 1));
    }

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void anIndexKeyOfAnotherTypeInATransactionIsTheReasonOfItsWrite() throws Exception {
        Exchange exchange = through(
                List.of(
                        Map.of("operation", "put", "sortKey", "1", "value", "x"),
                        Map.of("operation", "put", "sortKey", "2", "value", "x", "fields", Map.of("status", ""))),
                Map.of(),
                store("operation=transact&partitionKey=customer"));

        Throwable error = exchange.getException();
        Throwable reason = error instanceof TransactionFailedException failed
                ? failed.reasons().stream()
                        .filter(each -> each != null)
                        .findFirst()
                        .orElseThrow()
                : error;
        assertThat(reason).isInstanceOf(InvalidInputException.class).hasMessageContainingAll("Table " + table);
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get|sortKeyType=number|sortKeyType=string",
                "get|sortKeyName=none|sortKeyName=name",
                "get|partitionKeyName=key|partitionKeyName=id",
                "create|sortKeyType=number|sortKeyType=string",
                "put|sortKeyType=number|sortKeyType=string",
                "update|sortKeyType=number|sortKeyType=string",
                "delete|sortKeyType=number|sortKeyType=string",
                "exists|sortKeyType=number|sortKeyType=string"
            })
    void aKeyThatIsNotTheTablesIsRefusedWithTheOptionToSet(String operation, String wrong, String right)
            throws Exception {
        Exchange exchange = through(
                "x",
                Map.of(),
                store("operation=" + operation + "&partitionKey=customer&" + wrong
                        + (wrong.equals("sortKeyName=none") ? "" : "&sortKey=1")));

        assertThat(failure(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer", right)
                .hasCauseInstanceOf(DynamoDbException.class);
    }

    @Test
    void aTableWithoutSortKeyIsSuggestedAsSuch() throws Exception {
        table = dynamo.table("single", TableSpec.partitionKey("id", S));

        assertThat(failure(through("x", Map.of(), store(KEYS + "get")), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "sortKeyName=none");
    }

    @Test
    void anIndexWithoutItsKeyNamesIsRefusedWithTheOptionsToSet() throws Exception {
        assertThat(failure(
                        through(null, Map.of(), store("operation=list&partitionKey=open&index=byStatus")),
                        InvalidInputException.class))
                .hasMessageContainingAll(
                        "Table " + table, "index byStatus", "indexPartitionKeyName=status", "indexSortKeyType=number");
        assertThat(failure(
                        through(null, Map.of(), store("operation=list&partitionKey=open&index=none")),
                        InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "index none", "option index");
    }

    private static Object nested(int maps, Object innermost) {
        Object value = innermost;
        for (int i = 0; i < maps; i++) {
            value = Map.of("a", value);
        }
        return value;
    }

    static Stream<Object> innermost() {
        return Stream.of(Map.of(), List.of());
    }

    @ParameterizedTest
    @MethodSource("innermost")
    void whatIsTooDeepIsRefusedBeforeAnythingIsSent(Object innermost) throws Exception {
        done(through(nested(30, innermost), Map.of(), store(KEYS + "put")));
        HTTP.clear();

        assertThat(refusal(through(nested(31, innermost), Map.of(), store(KEYS + "put")), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", "deep");
    }

    private static Map<String, Object> fields(int count, Object value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            fields.put("field-" + i, value);
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "put", "update"})
    void hundredsOfFieldsAreStored(String operation) throws Exception {
        if (!operation.equals("create")) {
            given("customer", "1", "one");
        }

        done(through("x", Map.of(DynaStoreConstants.FIELDS, fields(400, 1)), store(KEYS + operation)));

        assertThat(stored("customer", "1")).hasSize(404).containsEntry("field-399", number(1));
        Map<String, Object> none = new HashMap<>();
        fields(400, 1).forEach((name, value) -> none.put(name, null));
        none.put("other", 7);
        done(through("y", Map.of(DynaStoreConstants.FIELDS, none), store(KEYS + "put")));
        assertThat(stored("customer", "1")).hasSize(5).containsEntry("other", number(7));
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 3000})
    void moreFieldsThanAnUpdateCanNameAreRefusedBeforeAnythingIsSent(int count) throws Exception {
        given("customer", "1", "one");
        Map<String, Object> headers = Map.of(DynaStoreConstants.FIELDS, fields(count, "SECRET"));

        assertThat(refusal(through("x", headers, store(KEYS + "update")), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", count + " extra fields", "Map")
                .hasMessageNotContaining("SECRET");
        assertThat(failure(through("x", headers, store(KEYS + "put")), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "[customer, 1]", count + " extra fields");
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "one", 1));

        done(through("x", headers, store("partitionKey=customer&sortKey=2&operation=put")));
        assertThat(stored("customer", "2")).hasSize(count + 4);
    }
}
