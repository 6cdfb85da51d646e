/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Operation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationChoiceTest extends RouteContract {

    private static final String KEYS = "partitionKey=customer&sortKey=1";

    static Stream<Object> create() {
        return Stream.of("create", "CREATE", " Create ", Operation.CREATE);
    }

    @ParameterizedTest
    @MethodSource("create")
    void theHeaderNamesTheOperationThatTheUriLeavesOpen(Object operation) throws Exception {
        done(through("value", Map.of(DynaStoreConstants.OPERATION, operation), store(KEYS)));

        assertThat(stored("customer", "1")).containsEntry("payload", text("value"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batchGet", "batch_get", "BATCH_GET", "batchget"})
    void anOperationOfTwoWordsMayBeWrittenAsInUrisOrAsInJava(String operation) throws Exception {
        done(through(
                null,
                Map.of(DynaStoreConstants.OPERATION, operation, DynaStoreConstants.KEYS, List.of("1")),
                store("partitionKey=customer")));

        assertThat(sent()).containsExactly("BatchGetItem");
    }

    @Test
    void theHeaderDoesNotChangeTheOperationOfTheUri() throws Exception {
        given("customer", "1", "value");

        Exchange exchange =
                through(null, Map.of(DynaStoreConstants.OPERATION, "delete"), store(KEYS + "&operation=get"));

        assertThat(done(exchange).getBody()).isEqualTo("value");
        assertThat(stored("customer", "1")).isNotEmpty();
    }

    @Test
    void noOperationIsRefusedBeforeAnythingIsSent() throws Exception {
        assertThat(refusal(through("value", Map.of(), store(KEYS)), InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "operation=", DynaStoreConstants.OPERATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "destroy", "get\nDELETE"})
    void anUnknownOperationIsRefusedAndTheKnownOnesAreNamed(String operation) throws Exception {
        Exchange exchange = through("value", Map.of(DynaStoreConstants.OPERATION, operation), store(KEYS));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, "create", "batchGet")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void anUnknownOperationInTheUriStopsTheStart() {
        assertThatThrownBy(() -> through(null, Map.of(), store(KEYS + "&operation=destroy")))
                .hasStackTraceContaining("operation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "put", "list", "batchGet"})
    void allowedOperationsRefusesTheRestBeforeAnythingIsSent(String operation) throws Exception {
        given("customer", "1", "value");

        Exchange exchange = through(
                "new",
                Map.of(DynaStoreConstants.OPERATION, operation, DynaStoreConstants.KEYS, List.of("1")),
                store(KEYS + "&allowedOperations=get, exists"));

        assertThat(refusal(exchange, InvalidInputException.class))
                .hasMessageContainingAll("Table " + table, operation, "allowedOperations");
        assertThat(stored("customer", "1")).isEqualTo(item("customer", "1", "value", 1));
    }

    @Test
    void allowedOperationsLetsThoseThatItNamesPass() throws Exception {
        given("customer", "1", "value");
        String uri = store(KEYS + "&allowedOperations=get, EXISTS");

        assertThat(done(through(null, Map.of(DynaStoreConstants.OPERATION, "get"), uri))
                        .getBody())
                .isEqualTo("value");
        assertThat(done(through(null, Map.of(DynaStoreConstants.OPERATION, "exists"), uri))
                        .getBody())
                .isEqualTo(true);
    }

    @Test
    void allowedOperationsDoesNotRestrictTheUri() throws Exception {
        done(through("value", Map.of(), store(KEYS + "&operation=create&allowedOperations=get")));

        assertThat(stored("customer", "1")).isNotEmpty();
    }

    @Test
    void anEmptyListAllowsNothing() throws Exception {
        Exchange exchange =
                through(null, Map.of(DynaStoreConstants.OPERATION, "get"), store(KEYS + "&allowedOperations=,"));

        refusal(exchange, InvalidInputException.class);
    }

    @Test
    void aMisspeltAllowedOperationStopsTheStart() {
        assertThatThrownBy(() -> through(null, Map.of(), store(KEYS + "&allowedOperations=get,destroy")))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("Table " + table, "destroy");
    }

    @Test
    void aTableHasToBeNamed() {
        assertThatThrownBy(() -> context.getEndpoint("dynastore:?operation=get"))
                .hasStackTraceContaining("dynastore:tableName");
    }
}
