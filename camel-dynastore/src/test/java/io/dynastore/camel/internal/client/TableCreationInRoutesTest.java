/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.RouteContract;
import io.dynastore.store.DynaStoreException;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class TableCreationInRoutesTest extends RouteContract {

    private final String fresh = dynamo.freshName("created");

    private String freshStore(String options) {
        return "dynastore:" + fresh + "?partitionKey=7&sortKey=1&operation=create&" + options;
    }

    @Test
    @NeedsEngine(EngineAbility.UPDATE_TIME_TO_LIVE)
    void missingTableIsMadeWithDeclaredKeyOnDemandCapacityAndTimeToLive() throws Exception {
        done(through(
                "value",
                Map.of(),
                freshStore("autoCreateTable=true&partitionKeyName=pk&partitionKeyType=number&sortKeyName=sk"
                        + "&sortKeyType=binary&expiresName=until")));

        var made = dynamo.client().describeTable(d -> d.tableName(fresh)).join().table();
        assertThat(made.tableStatus()).isEqualTo(TableStatus.ACTIVE);
        assertThat(made.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(made.keySchema())
                .extracting(key -> key.attributeName() + " " + key.keyTypeAsString())
                .containsExactlyInAnyOrder("pk HASH", "sk RANGE");
        assertThat(made.attributeDefinitions())
                .filteredOn(attribute -> attribute.attributeName().equals("pk"))
                .allMatch(attribute -> attribute.attributeType() == ScalarAttributeType.N);
        var ttl = dynamo.client()
                .describeTimeToLive(d -> d.tableName(fresh))
                .join()
                .timeToLiveDescription();
        assertThat(ttl.attributeName()).isEqualTo("until");
        assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
    }

    @Test
    void secondStartLeavesTheTableUnchanged() throws Exception {
        done(through("value", Map.of(), freshStore("autoCreateTable=true")));
        HTTP.clear();

        done(through(
                "other",
                Map.of(),
                freshStore("autoCreateTable=true&optimisticLocking=false").replace("sortKey=1", "sortKey=2")));

        assertThat(dynamo.rawScan(fresh)).hasSize(2);
        assertThat(sent()).doesNotContain("UpdateTimeToLive", "DeleteTable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"partitionKeyName=other", "sortKeyName=other", "partitionKeyType=number", "sortKeyType=number"})
    void existingTableWithAnotherKeyStopsTheStart(String options) {
        assertThatThrownBy(() -> through(
                        null,
                        Map.of(),
                        store("operation=get&partitionKey=1&sortKey=1&autoCreateTable=true&" + options)))
                .rootCause()
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll("Table " + table, "another key", "sortKeyName");
    }

    @Test
    void existingTableWithAnUndeclaredSortKeyStopsTheStart() {
        assertThatThrownBy(() -> through(
                        null, Map.of(), store("operation=get&partitionKey=1&autoCreateTable=true&sortKeyName=none")))
                .rootCause()
                .isInstanceOf(DynaStoreException.class)
                .hasMessageContaining("Table " + table);
    }

    @Test
    void tableIsLookedAtOnceForAllItsEndpoints() throws Exception {
        String endpoint = route((builder, from) -> from.toD(
                freshStore("autoCreateTable=true&optimisticLocking=false").replace("sortKey=1", "sortKey=${body}")));

        for (int i = 0; i < 20; i++) {
            done(send(endpoint, "" + i, Map.of()));
        }

        assertThat(dynamo.rawScan(fresh)).hasSize(20);
        assertThat(sent().stream().filter(name -> !name.equals("PutItem")))
                .containsOnlyOnce("CreateTable", "DescribeTimeToLive", "UpdateTimeToLive");
    }

    @Test
    void noTableIsMadeUnlessTheOptionIsSet() throws Exception {
        assertThat(through("value", Map.of(), freshStore("autoCreateTable=false"))
                        .getException())
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(sent()).containsExactly("PutItem");
    }
}
