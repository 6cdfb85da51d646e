/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyType;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.impl.cluster.ClusteredRoutePolicy;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Leader election for routes, on a real engine. */
class ClusterServiceTest {

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
    void runsAMasterRouteOnOneNodeOnly() throws Exception {
        List<ClusterNode> all = List.of(started(), started(), started());

        await().until(() -> all.stream().anyMatch(ClusterNode::active));
        ClusterNode leader =
                all.stream().filter(ClusterNode::active).findFirst().orElseThrow();
        leader.awaitTicks(5);

        assertThat(all).filteredOn(ClusterNode::leads).containsExactly(leader);
        assertThat(all).filteredOn(ClusterNode::active).containsExactly(leader);
    }

    @Test
    void handsOverWhenTheLeaderLeavesWithoutWaitingForItsLease() throws Exception {
        ClusterNode first = started();
        await().until(first::active);
        ClusterNode second = started();
        second.service.setPollInterval(Duration.ofMillis(50));

        first.context.stop();
        boolean held = first.leads();

        await().until(second::active);
        assertThat(held).isFalse();
        assertThat(second.leads()).isTrue();
    }

    @Test
    void resignsBeforeAnotherLeadsWhenTheStoreIsOutOfReach() throws Exception {
        ClusterNode first = startedWithShortLease();
        await().until(first::active);
        ClusterNode second = startedWithShortLease();

        first.http.cut();

        await().until(() -> {
            boolean later = second.active();
            assertThat(later && first.active()).as("both are active").isFalse();
            return later;
        });
        assertThat(first.leads()).isFalse();
    }

    @Test
    void leadsAgainAfterTheStoreWasOutOfReach() throws Exception {
        ClusterNode only = startedWithShortLease();
        await().until(only::active);
        only.http.cut();
        await().until(() -> !only.active());

        only.http.heal();

        await().until(only::active);
    }

    @Test
    void showsTheMembersAndFiresEvents() throws Exception {
        ClusterNode first = startedWithShortLease();
        await().until(first::leads);
        List<String> events = new CopyOnWriteArrayList<>();
        first.view().addEventListener(new CamelClusterEventListener.Membership() {
            @Override
            public void memberAdded(CamelClusterView view, CamelClusterMember member) {
                events.add("added " + member.getId());
            }

            @Override
            public void memberRemoved(CamelClusterView view, CamelClusterMember member) {
                events.add("removed " + member.getId());
            }
        });
        ClusterNode second = started();
        String id = second.view().getLocalMember().getId();
        String leader = first.view().getLocalMember().getId();

        await().untilAsserted(() -> assertThat(events).contains("added " + id));
        await().untilAsserted(() -> assertThat(second.view().getLeader().map(CamelClusterMember::getId))
                .contains(leader));
        assertThat(first.view().getMembers())
                .extracting(CamelClusterMember::getId)
                .containsExactlyInAnyOrder(leader, id);
        second.context.stop();

        await().untilAsserted(() -> assertThat(events).contains("removed " + id));
    }

    @Test
    void notifiesALateListenerOfTheLeader() throws Exception {
        ClusterNode node = started();
        await().until(node::leads);
        List<String> leaders = new CopyOnWriteArrayList<>();

        node.view().addEventListener((CamelClusterEventListener.Leadership)
                (view, leader) -> leaders.add(leader == null ? "nobody" : leader.getId()));

        assertThat(leaders).containsExactly(node.view().getLocalMember().getId());
    }

    @Test
    void startsAndStopsTheRoutesOfAClusteredPolicy() throws Exception {
        ClusterNode first = node();
        first.context.addRoutes(policed());
        first.context.start();
        await().until(() -> running(first));
        ClusterNode second = node();
        second.context.addRoutes(policed());
        second.context.start();
        assertThat(running(second)).isFalse();

        first.context.stop();

        await().until(() -> running(second));
    }

    @Test
    void keepsNoLockAfterItHasLeft() throws Exception {
        ClusterNode node = started();
        await().until(node::leads);

        node.context.stop();

        assertThat(dynamo.rawScan(table)).isNotEmpty().allSatisfy(item -> assertThat(item)
                .doesNotContainKey("_dsholder"));
    }

    @Test
    void refusesATableWithoutTextKeys() {
        table = dynamo.table("cluster", TableSpec.partitionKey("id", N).sortKey("name", S));
        ClusterNode node = node();
        node.context
                .getComponent("dynastore", DynaStoreComponent.class)
                .getConfiguration()
                .setPartitionKeyType(KeyType.NUMBER);

        assertThatThrownBy(node.context::start)
                .hasStackTraceContaining(InvalidInputException.class.getName())
                .hasStackTraceContaining("a cluster service needs a table with text keys");
    }

    private static boolean running(ClusterNode node) {
        return node.context.getRouteController().getRouteStatus("policed").isStarted();
    }

    private static RouteBuilder policed() {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                ClusteredRoutePolicy policy = ClusteredRoutePolicy.forNamespace("policy");
                policy.setInitialDelay(Duration.ZERO);
                from("direct:policed").routeId("policed").routePolicy(policy).to("mock:end");
            }
        };
    }

    private ClusterNode started() throws Exception {
        ClusterNode node = node();
        node.context.start();
        return node;
    }

    /** Half the lease, so that a test waits for its end half as long. */
    private ClusterNode startedWithShortLease() throws Exception {
        ClusterNode node = node();
        node.service.setLockTtl(ClusterNode.SHORT_TTL);
        node.context.start();
        return node;
    }

    private ClusterNode node() {
        ClusterNode node = new ClusterNode(dynamo, table);
        nodes.add(node);
        return node;
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }
}
