/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.Rendezvous;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.cluster.CamelClusterView;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A member whose listeners, client or store fail. */
class ClusterViewTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final List<ClusterNode> nodes = new ArrayList<>();
    private String table;

    @BeforeEach
    void makeTable() {
        table = dynamo.table("cluster", TableSpec.partitionKey("id", S).sortKey("name", S));
    }

    @AfterEach
    void stopNodes() throws Exception {
        for (ClusterNode node : nodes) {
            node.close();
        }
    }

    @Test
    void listenerThatFailsMissesItsOwnEventOnly() throws Exception {
        ClusterNode first = node();
        List<String> added = new CopyOnWriteArrayList<>();
        first.service.getView("jobs").addEventListener(new Joined(member -> {
            throw new IllegalStateException("listener fails");
        }));
        first.service.getView("jobs").addEventListener(new Joined(added::add));
        first.context.start();
        await().until(first::leads);

        List<String> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ClusterNode other = node();
            other.context.start();
            others.add(other.view().getLocalMember().getId());
        }

        await().untilAsserted(() -> assertThat(added).containsAll(others));
        assertThat(first.service.getListenerFailures()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void memberStandsAgainAfterAListenerHasThrownAnErrorAtItsResignation() throws Exception {
        ClusterNode only = node();
        List<String> told = new CopyOnWriteArrayList<>();
        only.service.getView("jobs").addEventListener((CamelClusterEventListener.Leadership) (view, leader) -> {
            if (leader == null) {
                throw new AssertionError("listener fails");
            }
        });
        only.service.getView("jobs").addEventListener((CamelClusterEventListener.Leadership)
                (view, leader) -> told.add(leader == null ? "nobody" : "leads"));
        only.context.start();
        await().until(only::leads);
        only.http.cut();
        await().until(() -> !only.leads());

        only.http.heal();

        await().until(only::leads);
        await().untilAsserted(() -> assertThat(told).endsWith("leads", "nobody", "leads"));
        assertThat(only.service.getListenerFailures()).isPositive();
    }

    @Test
    void listenerThatThrowsAnErrorDoesNotKeepAMemberFromLeaving() throws Exception {
        ClusterNode node = node();
        node.context.start();
        await().until(node::leads);
        node.view().addEventListener((CamelClusterEventListener.Leadership) (view, leader) -> {
            throw new AssertionError("listener fails");
        });

        node.context.stop();

        assertThat(dynamo.rawScan(table)).isNotEmpty().allSatisfy(item -> assertThat(item)
                .doesNotContainKey("_dsholder"));
    }

    /** Is told of members that have joined. */
    private record Joined(Consumer<String> joined) implements CamelClusterEventListener.Membership {

        @Override
        public void memberAdded(CamelClusterView view, CamelClusterMember member) {
            joined.accept(member.getId());
        }

        @Override
        public void memberRemoved(CamelClusterView view, CamelClusterMember member) {}
    }

    @Test
    void releasesTheLeadershipBeforeTheClientOfTheComponentIsClosed() throws Exception {
        ClusterNode node = node();
        node.useClientOfComponent(dynamo);
        node.context.start();
        // No route releases this view when it stops.
        CamelClusterView view = node.service.getView("policy");
        await().until(() -> view.getLocalMember().isLeader());

        node.context.stop();

        assertThat(dynamo.rawScan(table)).isNotEmpty().allSatisfy(item -> assertThat(item)
                .doesNotContainKey("_dsholder"));
    }

    @Test
    void releasesTheLeadershipThoughAListenerFails() throws Exception {
        ClusterNode node = node();
        node.service.setLockTtl(ClusterNode.SHORT_TTL);
        node.context.start();
        await().until(node::leads);
        CountDownLatch resigned = new CountDownLatch(1);
        node.view().addEventListener((CamelClusterEventListener.Leadership) (view, leader) -> {
            if (leader == null) {
                resigned.countDown();
                throw new IllegalStateException("a route that does not stop");
            }
        });

        node.http.cut();
        await().until(() -> resigned.getCount() == 0);
        node.http.heal();

        await().until(node::leads);
        node.awaitTicks(2);
    }

    @Test
    void leadsWhenTheStoreIsReachableAfterTheStart() throws Exception {
        ClusterNode node = node();
        node.http.cut();
        node.context.start();
        assertThat(node.leads()).isFalse();

        node.http.heal();

        await().until(node::active);
    }

    @Test
    void releasesAllLocksAtTheSameTime() throws Exception {
        FaultPlan plan = FaultPlan.none().only("UpdateItem");
        try (FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
                DynamoDbAsyncClient client =
                        dynamo.clientBuilder().httpClient(http).build()) {
            ClusterNode node = node();
            node.service.setDynamoDbAsyncClient(client);
            node.service.setLockTtl(Duration.ofSeconds(20));
            node.context.start();
            node.service.getView("policy");
            await().until(() -> held() == 4);
            await().until(node::leads);
            Rendezvous all = new Rendezvous(4);
            http.between(all);
            plan.next(Fault.DROP, Fault.DROP, Fault.DROP, Fault.DROP);

            node.service.stop();

            assertThat(all.met()).isEqualTo(4);
            assertThat(held()).isZero();
        }
    }

    /** The locks of leaders and members. */
    private long held() {
        return dynamo.rawScan(table).stream()
                .filter(item -> item.containsKey("_dsholder"))
                .count();
    }

    private ClusterNode node() {
        ClusterNode node = new ClusterNode(dynamo, table);
        nodes.add(node);
        return node;
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }
}
