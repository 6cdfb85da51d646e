/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.group.DynaStoreGroup;
import io.dynastore.store.TableSchema;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.TestSeed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.console.DevConsole;
import org.junit.jupiter.api.Test;

/** What operators see of groups and do to them, and groups on a network that loses responses. */
class GroupOperationTest extends GroupContract {

    private static final String TWO = "partitionKeys=a,b&" + GROUP;

    private DynaStoreGroup group() {
        return DynaStoreGroup.of(dynamo.client(), TableSchema.named(table), "shipping");
    }

    @Test
    void membersAndPartitionsAreListed() throws Exception {
        givenItems("a", 2);
        join("one", TWO + "&maxPartitions=7");
        awaitOwned("one", 2, "a", "b");
        await().untilAsserted(() -> assertThat(lease("a")).containsKey("payload"));

        assertThat(group().members().join()).singleElement().satisfies(member -> {
            assertThat(member.name()).startsWith("one-");
            assertThat(member.maxPartitions()).isEqualTo(7);
            assertThat(member.kind()).isEqualTo("named partitions of " + table);
        });
        assertThat(group().partitions().join())
                .extracting(DynaStoreGroup.Partition::name)
                .containsExactly("a", "b");
        DynaStoreGroup.Partition a = group().partitions().join().get(0);
        assertThat(a.owner()).startsWith("one-");
        assertThat(a.position())
                .isEqualTo(Objects.requireNonNull(lease("a").get("payload")).s());
    }

    @Test
    void aReleasedPartitionIsTakenAnewAndNothingIsRepeated() throws Exception {
        givenItems("a", 2);
        join("one", TWO);
        awaitItems(2);
        long token = group().partitions().join().get(0).token();

        assertThat(group().release("a").join()).isTrue();
        await().untilAsserted(() -> assertThat(group().partitions().join().get(0))
                .satisfies(a -> assertThat(a.token()).isGreaterThan(token)));
        givenItems("a", 3, 3);
        awaitItems(3);

        assertThat(items()).containsExactlyElementsOf(names("a", 1, 3));
    }

    @Test
    void aCheckpointCanBeSetAndDeletedWhileNobodyHasThePartition() throws Exception {
        givenItems("a", 3);
        Node one = join("one", "pageSize=1&" + TWO);
        awaitItems(3);
        assertThatThrownBy(() -> group().deleteCheckpoint("a").join())
                .hasMessageContaining(table)
                .hasMessageContaining("Stop or suspend all members");
        one.stop();
        String end = Objects.requireNonNull(group().partitions().join().get(0).position());

        group().deleteCheckpoint("a").join();
        one.camel.getRouteController().startRoute(ROUTE);
        await().untilAsserted(() -> assertThat(items()).hasSize(6));
        one.stop();
        givenItems("a", 4, 4);
        group().setCheckpoint("a", end).join();
        one.camel.getRouteController().startRoute(ROUTE);
        await().untilAsserted(() -> assertThat(items()).hasSize(7));

        assertThat(items().subList(3, 7)).containsExactlyElementsOf(names("a", 1, 4));
        assertThat(group().release("c").join()).isFalse();
    }

    @Test
    void consoleAndMetersShowTheGroup() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        beans.put("metricsRegistry", meters);
        Node one = join("one", TWO);
        awaitOwned("one", 2, "a", "b");

        await().untilAsserted(() -> assertThat(
                        meters.get("dynastore.group.partitions").gauge().value())
                .isEqualTo(2));
        assertThat(meters.get("dynastore.group.events")
                        .tag("event", "taken")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
        givenItems("a", 1);
        awaitItems(1);
        await().untilAsserted(() -> assertThat(lease("a")).containsKey("payload"));
        assertThat(age(meters, "item")).isBetween(0.0, age(meters, "checkpoint"));
        await().untilAsserted(() -> assertThat(console(one)).containsPattern("secondsSinceCheckpoint: a=\\d+ b=\\d+"));
        assertThat(console(one)).containsPattern("secondsSinceItem: a=\\d+ b=\\d+");
        await().untilAsserted(() -> assertThat(console(one)).contains("group: group=shipping member=one-", "owned=2"));
        await().untilAsserted(() -> assertThat(console(one)).containsPattern("partitions: a=one-\\w+ b=one-\\w+"));
        one.stop();
        assertThat(meters.find("dynastore.group.partitions").gauge()).isNull();
        assertThat(meters.find("dynastore.group.age").timeGauge()).isNull();
    }

    /** In seconds. */
    private static double age(SimpleMeterRegistry meters, String of) {
        return meters.get("dynastore.group.age").tag("of", of).timeGauge().value(TimeUnit.SECONDS);
    }

    private static String console(Node node) {
        DevConsole console = Objects.requireNonNull(node.camel
                .getCamelContextExtension()
                .getContextPlugin(org.apache.camel.console.DevConsoleRegistry.class)
                .resolveById("dynastore"));
        return String.valueOf(console.call(DevConsole.MediaType.TEXT));
    }

    @Test
    void lostResponsesRepeatNoItemAndLoseNoPartition() throws Exception {
        plan = FaultPlan.seeded(TestSeed.value())
                .with(Fault.LOSE_RESPONSE, 0.15)
                .with(Fault.DROP, 0.1)
                .only("UpdateItem");
        String options = "partitionKeys=a,b,c,d&pageSize=2&" + GROUP;
        join("one", options);
        awaitOwned("one", 4, "a", "b", "c", "d");
        IntStream.rangeClosed(1, 10).forEach(number -> givenAll(number));
        join("two", options);
        awaitOwned("two", 2, "a", "b", "c", "d");
        IntStream.rangeClosed(11, 20).forEach(number -> givenAll(number));
        awaitItems(80);

        for (String partition : new String[] {"a", "b", "c", "d"}) {
            assertThat(itemsOf(partition)).containsExactlyElementsOf(names(partition, 1, 20));
        }
    }

    private void givenAll(int number) {
        for (String partition : new String[] {"a", "b", "c", "d"}) {
            givenItems(partition, number, number);
        }
    }
}
