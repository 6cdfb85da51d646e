/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.TestSeed;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The engine does to an item what the simulated group does, for a write of each kind that members have sent. */
class GroupExpressionsTest {

    private static final int HISTORIES = 20;

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table =
            dynamo.table("groups", TableSpec.partitionKey("id", S).sortKey("name", S));

    @Test
    void simulatedGroupAgreesWithTheEngine() {
        long first = TestSeed.value();
        Map<String, SimulatedGroup.Sample> samples = new TreeMap<>();
        for (long seed = first; seed - first < HISTORIES; seed++) {
            GroupHistory history = new GroupHistory(seed, GroupFlaw.NOTHING);
            history.run();
            history.group.samples().forEach(samples::putIfAbsent);
        }

        assertThat(samples.keySet().toString())
                .contains(GroupExpressions.GIVE, GroupExpressions.BEAT_AND_HEARD, GroupExpressions.GIVE_BACK)
                .contains(GroupExpressions.CHECKPOINT, GroupExpressions.RENEW, GroupExpressions.ASK)
                .contains(GroupExpressions.free(GroupRules.Grounds.FREE))
                .contains(GroupExpressions.free(new GroupRules.Grounds(1L, 1L)));
        samples.values().forEach(this::agrees);
    }

    private void agrees(SimulatedGroup.Sample sample) {
        UpdateItemRequest request =
                sample.request().toBuilder().tableName(table).build();
        if (sample.before().isEmpty()) {
            dynamo.client()
                    .deleteItem(delete -> delete.tableName(table).key(request.key()))
                    .join();
        } else {
            dynamo.rawPut(table, sample.before());
        }

        if (sample.applied()) {
            dynamo.client().updateItem(request).join();
        } else {
            assertThatThrownBy(() -> dynamo.client().updateItem(request).join())
                    .as("%s", request)
                    .hasCauseInstanceOf(ConditionalCheckFailedException.class);
        }
        Map<String, AttributeValue> after = dynamo.rawGet(table, request.key());
        assertThat(after).as("%s", request).isEqualTo(sample.after());
    }
}
