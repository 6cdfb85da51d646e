/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The check of elections has to catch an election that is known to be wrong. */
class BrokenElectionTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final String table =
            dynamo.table("cluster", TableSpec.partitionKey("id", S).sortKey("name", S));
    private final Reigns reigns = new Reigns();
    private final List<ClusterNode> nodes = new ArrayList<>();

    @AfterEach
    void stopNodes() throws Exception {
        for (ClusterNode node : nodes) {
            node.close();
        }
    }

    @Test
    void membersWithoutConditionsAreCaught() throws Exception {
        started("first", new WithoutConditions()).awaitTicks(2);

        started("second", new WithoutConditions()).awaitTicks(1);

        ClusterServiceTest.await().until(() -> !reigns.overlaps().isEmpty());
    }

    @Test
    void membersThatLeadOneAfterTheOtherAreNotCaught() throws Exception {
        ClusterNode first = started("first", new ExecutionInterceptor() {});
        first.awaitTicks(2);
        ClusterNode second = started("second", new ExecutionInterceptor() {});

        first.context.stop();
        second.awaitTicks(2);

        assertThat(reigns.overlaps()).isEmpty();
        assertThat(reigns.count()).isEqualTo(2);
    }

    private ClusterNode started(String name, ExecutionInterceptor tampering) throws Exception {
        Reigns.Witness witness = reigns.witness(name);
        ClusterNode node = new ClusterNode(dynamo, table, witness::tick, tampering);
        nodes.add(node);
        node.context.start();
        node.onLead(witness::leads);
        return node;
    }

    /**
     * Lets acquires and heartbeats succeed whatever holder the lock has, so that no member learns of another. If only
     * acquires did, the next heartbeat of the other would detect it, before the route of the new leader has started.
     */
    private static final class WithoutConditions implements ExecutionInterceptor {

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            return context.request() instanceof UpdateItemRequest write
                            && write.expressionAttributeValues().containsKey(":until")
                    ? write.toBuilder()
                            .conditionExpression(write.conditionExpression()
                                    + " OR attribute_exists(#version) OR attribute_not_exists(#version)")
                            .build()
                    : context.request();
        }
    }
}
