/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.test.DynamoDbExtension;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReceiptsYamlTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Main camel = new Main();

    @BeforeAll
    static void start() throws Exception {
        Settings.of(dynamo, dynamo.freshName("yaml"))
                .forEach((name, value) -> camel.addOverrideProperty((String) name, (String) value));
        camel.configure().setRoutesIncludePattern("classpath:receipts.yaml");
        camel.start();
    }

    @AfterAll
    static void stop() {
        camel.stop();
    }

    @Test
    void returnsTheReceiptAsJson() throws Exception {
        routes().sendBodyAndHeaders(
                        "dynastore:{{example.table}}?operation=create",
                        Map.of("paid", 12.5),
                        Map.of(
                                DynaStoreConstants.PARTITION_KEY, "Store 13",
                                DynaStoreConstants.SORT_KEY, "02#6082"));

        assertThat(receipt("02#6082")).isEqualTo("{\"paid\":12.5}");
    }

    @Test
    void returnsNothingIfThereIsNoReceipt() throws Exception {
        assertThat(receipt("02#1")).isNull();
    }

    private static @Nullable Object receipt(String name) throws Exception {
        return routes().requestBodyAndHeaders("direct:receipt", null, Map.of("store", "Store 13", "receipt", name));
    }

    private static ProducerTemplate routes() throws Exception {
        return camel.getCamelTemplate();
    }
}
