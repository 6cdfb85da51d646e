/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A master route on three processes, whose leader is killed: {@code -Ddynastore.test.cluster.rounds=50}. */
@EnabledIfSystemProperty(named = "dynastore.test.cluster.rounds", matches = "\\d+")
@Tag("soak")
class ClusterProcessesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Test
    void noTwoAreActiveThoughTheLeaderIsKilledRepeatedly() throws Exception {
        int rounds = Integer.getInteger("dynastore.test.cluster.rounds", 50);
        String table = dynamo.table("cluster", TableSpec.partitionKey("id", S).sortKey("name", S));
        try (ClusterProcesses processes = new ClusterProcesses(dynamo, table)) {
            ClusterProcesses.Result result = processes.run(rounds);

            assertThat(result.overlaps()).isEmpty();
            assertThat(result.afterKill()).hasSize(rounds);
        }
    }
}
