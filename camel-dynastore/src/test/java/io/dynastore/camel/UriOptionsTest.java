/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that the author of a route gets wrong, and keys that a message must not name. */
class UriOptionsTest extends RouteContract {

    @Override
    protected void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", recorded());
    }

    @ParameterizedTest
    @CsvSource({
        "partitionKey=${header.c},CamelDynaStorePartitionKey",
        "partitionKey=$simple{header.c},CamelDynaStorePartitionKey",
        "partitionKey=customer&sortKey=t-${body},CamelDynaStoreSortKey",
        "partitionKey=customer&operation=list&sortKeyPrefix=${body},CamelDynaStoreSortKeyPrefix",
        "partitionKey=customer&operation=list&sortKeyFrom=${body},CamelDynaStoreSortKeyFrom",
        "partitionKey=customer&operation=list&sortKeyTo=${body},CamelDynaStoreSortKeyTo"
    })
    void keyOptionWithAnExpressionIsRefusedAtTheStart(String options, String header) {
        assertThatThrownBy(() -> route((builder, from) -> from.to(store(options))))
                .hasMessageContainingAll(table, "toD", header)
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "operation=craete,'create, put'",
        "operation=batchgat,batchGet",
        "payloadFormat=jsn,'auto, json'",
        "partitionKeyType=text,'string, number, binary'",
        "takeover=clocks,'clock, observe, both'"
    })
    void misspeltOptionOfAProducerNamesItsValues(String option, String values) {
        assertThatThrownBy(() -> route((builder, from) -> from.to(store("partitionKey=1&sortKey=1&" + option))))
                .hasMessageContainingAll(table, option.substring(0, option.indexOf('=')), values)
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume=tabel", "onSuccess=delte"})
    void misspeltOptionOfAConsumerNamesItsValues(String option) {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(store("partitionKeys=north&" + option)).to("mock:none");
                    }
                }))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(option.substring(0, option.indexOf('=')), "none");
    }

    @Test
    void valuesOfOptionsMayBeWrittenInEveryCaseThatCamelReads() throws Exception {
        given("customer", "1", "value");

        for (String operation : List.of("batchGet", "batch-get", "BATCH_GET")) {
            Exchange read = through(
                    null,
                    Map.of("CamelDynaStoreKeys", List.of("1")),
                    store("partitionKey=customer&operation=" + operation));

            assertThat(items(done(read))).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "get", "delete", "list", "lock"})
    void headerMayNotNameAPartitionOfTheComponent(String operation) throws Exception {
        Exchange sent = through(
                "value",
                Map.of("CamelDynaStorePartitionKey", "_ds/position/mine", "CamelDynaStoreSortKey", "customer"),
                store("operation=" + operation));

        assertThat(refusal(sent, InvalidInputException.class))
                .hasMessageContainingAll("_ds/", "CamelDynaStorePartitionKey");
    }

    @Test
    void keysOfSeveralItemsMayNotNameAPartitionOfTheComponent() throws Exception {
        Exchange read = through(
                null,
                Map.of("CamelDynaStoreKeys", List.of(Key.of("_ds/position/mine", "customer"))),
                store("operation=batchGet"));
        assertThat(refusal(read, InvalidInputException.class)).hasMessageContaining("_ds/");

        Exchange written = through(
                List.of(Map.of("operation", "put", "partitionKey", "_ds/x", "sortKey", "1", "value", "v")),
                Map.of(),
                store("operation=transact"));
        assertThat(refusal(written, InvalidInputException.class)).hasMessageContaining("_ds/");
    }

    @Test
    void routeMayNameAPartitionOfTheComponentInItsUri() throws Exception {
        given("_ds/position/mine", "customer", "token");

        Exchange read = through(null, Map.of(), store("operation=get&partitionKey=_ds/position/mine&sortKey=customer"));

        assertThat(done(read).getBody()).isEqualTo("token");
    }
}
