/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.group.DynaStoreGroup;
import io.dynastore.group.GroupSettings;
import io.dynastore.group.PartitionLease;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.Segment;
import io.dynastore.store.TableSchema;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.RecordedRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Groups of consumers on a network that works. */
class GroupConsumerTest extends GroupContract {

    private static final String[] PARTITIONS = {"a", "b", "c", "d"};

    private void givenAll(int first, int last) {
        List.of(PARTITIONS).forEach(partition -> givenItems(partition, first, last));
    }

    private void assertEachOnceInOrder(int last) {
        List.of(PARTITIONS).forEach(partition -> assertThat(itemsOf(partition))
                .containsExactlyElementsOf(names(partition, 1, last)));
    }

    @Test
    void twoMembersShareThePartitionsEvenlyAndDeliverEachItemOnceInOrder() throws Exception {
        givenAll(1, 5);
        join("one", FOUR);
        join("two", FOUR);
        awaitOwned("one", 2, PARTITIONS);
        awaitOwned("two", 2, PARTITIONS);
        givenAll(6, 9);
        awaitItems(36);

        assertEachOnceInOrder(9);
    }

    @Test
    void partitionsThatMoveToANewMemberContinueWithoutARepeatedItem() throws Exception {
        givenAll(1, 5);
        join("one", FOUR);
        awaitItems(20);
        awaitOwned("one", 4, PARTITIONS);

        join("two", FOUR);
        int next = 6;
        while (owned("two", PARTITIONS) < 2) {
            givenAll(next, next);
            awaitItems(4 * next);
            next++;
        }

        givenAll(next, next);
        awaitItems(4 * next);
        assertEachOnceInOrder(next);
    }

    @Test
    void aStoppedMemberHandsOverBehindItsLastItem() throws Exception {
        givenAll(1, 5);
        Node one = join("one", FOUR);
        awaitItems(20);
        join("two", FOUR);
        awaitOwned("two", 2, PARTITIONS);

        one.stop();
        assertThat(owned("one", PARTITIONS)).isZero();
        givenAll(6, 6);
        awaitItems(24);

        assertEachOnceInOrder(6);
        assertThat(owned("two", PARTITIONS)).isEqualTo(4);
    }

    @Test
    void itemInFlightEndsBeforeItsPartitionIsHandedOver() throws Exception {
        givenItems("a", 3);
        Gate gate = new Gate("a/02");
        Node one = join("one", "partitionKeys=a&" + GROUP, route -> route.process(gate));
        gate.awaitReached();
        join("two", "partitionKeys=a&" + GROUP);

        Thread stop = new Thread(() -> {
            try {
                one.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        stop.start();
        await().until(() -> !one.consumer().isStarted());
        assertThat(owner("a")).isEqualTo("one");
        gate.open();
        stop.join(20_000);
        awaitItems(3);

        assertThat(items()).containsExactly("a/01", "a/02", "a/03");
        assertThat(deliveries.get(2).member()).isEqualTo("two");
        assertThat(deliveries.get(2).token()).isGreaterThan(deliveries.get(1).token());
    }

    @Test
    void aSuspendedMemberHasNoPartitionUntilItIsResumed() throws Exception {
        Node one = join("one", FOUR);
        join("two", FOUR);
        awaitOwned("one", 2, PARTITIONS);

        one.consumer().suspend();
        awaitOwned("two", 4, PARTITIONS);

        one.consumer().resume();
        awaitOwned("one", 2, PARTITIONS);
        givenAll(1, 2);
        awaitItems(8);
        assertEachOnceInOrder(2);
    }

    @Test
    void aMemberTakesNoMoreThanItsMostPartitions() throws Exception {
        join("one", FOUR + "&maxPartitions=1");
        join("two", FOUR);

        awaitOwned("two", 3, PARTITIONS);
        awaitOwned("one", 1, PARTITIONS);
    }

    @Test
    void aGroupContinuesWhereASingleConsumerOfItsNameWas() throws Exception {
        givenItems("a", 3);
        consume("partitionKeys=a&resume=table&resumeId=shipping");
        awaitDelivered(3);
        awaitPolls(1);
        context.getRouteController().stopRoute(ROUTE);
        givenItems("a", 4, 5);

        join("one", "partitionKeys=a&" + GROUP);
        awaitItems(2);

        assertThat(items()).containsExactly("a/04", "a/05");
    }

    @Test
    void membersShareTheSegmentsOfAWholeTable() throws Exception {
        String whole = "segments=4&onSuccess=delete&stateTable=" + dynamo.table("state", WITH_SORT_KEY) + "&" + GROUP;
        IntStream.range(0, 20).forEach(number -> given("p" + number, "01", "v"));
        join("one", whole);
        join("two", whole);

        await().untilAsserted(() -> assertThat(dynamo.rawScan(table)).isEmpty());
        assertThat(items()).doesNotHaveDuplicates().hasSize(20);
    }

    @Test
    void aMemberWithAnotherNumberOfSegmentsIsRefused() throws Exception {
        join("one", "segments=4&onSuccess=delete&" + GROUP);
        await().untilAsserted(() -> assertThat(lease("segment 1 of 4")).isNotEmpty());

        assertThatThrownBy(() -> join("two", "segments=8&onSuccess=delete&" + GROUP))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(table)
                .hasMessageContaining("8 segments")
                .hasMessageContaining("4 segments");
    }

    @Test
    void membersThatReadOtherTablesDoNotShareLeasesInOneStateTable() throws Exception {
        String state = "&stateTable=" + dynamo.table("state", WITH_SORT_KEY);
        join("one", "partitionKeys=a&" + GROUP + state);
        await().untilAsserted(() -> assertThat(group(state).members().join()).isNotEmpty());
        String first = table;
        table = dynamo.table("other", WITH_SORT_KEY);

        assertThatThrownBy(() -> join("two", "partitionKeys=a&" + GROUP + state))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("named partitions of " + first)
                .hasMessageContaining("named partitions of " + table);
    }

    private static DynaStoreGroup group(String option) {
        String state = option.substring(option.indexOf('=') + 1);
        return DynaStoreGroup.of(dynamo.client(), TableSchema.named(state), "shipping");
    }

    @Test
    void aLeaseThatIsGainedEndsThePollUnlessABeanNamesItsPartitionNoMore() {
        List<Partition> named = new CopyOnWriteArrayList<>(
                List.of(new Partition.Part(new Segment(0, 2)), new Partition.Part(new Segment(1, 2))));
        GroupSettings settings = new GroupSettings(
                "shipping",
                "one",
                "2 segments",
                Duration.ofSeconds(60),
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofSeconds(1),
                2,
                false);
        GroupPartitions group = new GroupPartitions(
                dynamo.client(),
                TableSchema.named(table),
                settings,
                new PartitionSource(() -> List.copyOf(named)),
                null);
        try {
            group.name();
            group.member().start();
            await().until(() -> group.leases().size() == 2);
            Map<String, PartitionLease> all = group.leases();
            String gained = named.get(1).name();
            Map<String, PartitionLease> before = new HashMap<>(all);
            before.remove(gained);

            assertThat(group.gained(all)).isFalse();
            assertThat(group.gained(before)).isTrue();
            named.remove(1);
            group.name();
            assertThat(group.gained(before)).isFalse();
        } finally {
            group.close();
        }
    }

    @Test
    void aPartitionThatABeanNamesNoMoreIsFreed() throws Exception {
        List<String> named = new CopyOnWriteArrayList<>(List.of("a", "b"));
        givenItems("a", 2);
        Node one = nodeWithBean(named);
        awaitItems(2);
        named.remove("b");
        await().untilAsserted(() -> assertThat(owner("b")).isEmpty());
        named.add("c");
        await().untilAsserted(() -> assertThat(owner("c")).isEqualTo("one"));

        assertThat(owner("a")).isEqualTo("one");
        assertThat(one.consumer().isStarted()).isTrue();
    }

    private Node nodeWithBean(List<String> named) throws Exception {
        beans.put("names", (Supplier<List<String>>) () -> List.copyOf(named));
        return join("one", "partitionKeys=#names&" + GROUP);
    }

    @Test
    void eachExchangeHasTheTokenOfItsLease() throws Exception {
        givenItems("a", 1);
        join("one", "partitionKeys=a&" + GROUP);
        awaitItems(1);

        assertThat(deliveries.get(0).token())
                .isEqualTo(Long.parseLong(Objects.requireNonNull(lease("a").get(LockAttributes.FENCE))
                        .n()));
    }

    @Test
    void membersOfAGroupClaimWithinTheirOwnPartitions() throws Exception {
        String claims = "partitionKeys=a,b&claim=true&onSuccess=delete&" + GROUP;
        givenItems("a", 5);
        givenItems("b", 5);
        join("one", claims);
        join("two", claims);
        await().untilAsserted(() -> assertThat(items()).hasSize(10));

        assertThat(items()).doesNotHaveDuplicates();
    }

    @Test
    void anItemThatFailsKeepsItsPartitionWhereItIs() throws Exception {
        givenAll(1, 2);
        Node one = join(
                "one",
                FOUR + "&initialDelay=1&delay=100",
                route -> route.process(exchange -> {
                    if (name(exchange).equals("a/01")) {
                        throw new IllegalStateException("no label");
                    }
                }));
        join("two", FOUR);
        awaitOwned("one", 2, PARTITIONS);
        awaitOwned("two", 2, PARTITIONS);
        List<String> before = List.of(owner("a"), owner("b"), owner("c"), owner("d"));
        await().until(() -> one.consumer().getCounter() > 5);

        assertThat(List.of(owner("a"), owner("b"), owner("c"), owner("d"))).isEqualTo(before);
    }

    @Test
    void aTableWithNumbersAsKeysNeedsAStateTable() throws Exception {
        String numbers = dynamo.table(
                "numbers", TableSpec.partitionKey("id", ScalarAttributeType.N).sortKey("name", ScalarAttributeType.S));
        dynamo.rawPut(numbers, Map.of("id", number(7), "name", text("01"), "payload", text("v")));
        String before = table;
        table = numbers;
        String options = "partitionKeyType=number&partitionKeys=7&" + GROUP;

        assertThatThrownBy(() -> join("one", options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stateTable");
        join("two", options + "&stateTable=" + before);
        awaitItems(1);
        assertThat(dynamo.rawGet(before, key("_ds/group/shipping", "lease/7"))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "partitionKeys=a&group=g&resume=memory | resume=memory",
                "partitionKeys=a&group=g&groupLease=2s | groupLease",
                "partitionKeys=a&group=g&rebalanceInterval=7s | rebalanceInterval",
                "partitionKeys=a&group=g&rebalanceInterval=99ms | rebalanceInterval",
                "partitionKeys=a&group=g&groupWatch=99ms | groupWatch",
                "partitionKeys=a&group=g&maxPartitions=0 | maxPartitions",
                "partitionKeys=a&maxPartitions=1 | maxPartitions",
                "partitionKeys=a&group=g&resumeId=other | resumeId",
                "group=g&resume=table | resume",
                "partitionKeys=a&group=g&claim=true&onSuccess=delete&resume=table | resume",
            })
    void optionsThatDoNotGoTogetherAreRefusedAtTheStart(String options, String named) {
        assertThatThrownBy(() -> consume(options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(table)
                .hasMessageContaining("option " + named);
    }

    @Test
    void pollEnrichCanNotJoinAGroup() throws Exception {
        String from = route((builder, start) -> start.pollEnrich(store("partitionKeys=a&group=g"), 1000));

        assertThat(send(from, null, Map.of()).getException()).hasMessageContaining("option group");
    }

    @Test
    void anIdleMemberSendsAWriteAndAQueryInEachIntervalAndAWriteForEachPartitionInAThirdOfTheLease() throws Exception {
        join("one", "partitionKeys=a,b,c&group=shipping&groupLease=3s&rebalanceInterval=500ms&delay=60000");
        awaitOwned("one", 3, "a", "b", "c");
        HTTP.clear();
        await().until(() -> leaseWrites() >= 9);
        List<RecordedRequest> sent = HTTP.requests();
        long looks = sent.stream()
                .filter(request -> group(request) && request.operation().equals("Query"))
                .count();
        long beats = sent.stream()
                .filter(request -> request.request().toString().contains("member/"))
                .count();

        // Three renewals of three partitions take 2 to 3 seconds.
        assertThat(looks).isBetween(3L, 8L);
        assertThat(beats).isBetween(3L, 8L);
        assertThat(leaseWrites()).isEqualTo(9);
        assertThat(sent.stream().map(RecordedRequest::operation)).doesNotContain("GetItem");
    }

    private static boolean group(RecordedRequest request) {
        return request.request().toString().contains("_ds/group/shipping");
    }

    private long leaseWrites() {
        return HTTP.requests().stream()
                .filter(request -> request.operation().equals("UpdateItem")
                        && request.request().toString().contains("lease/"))
                .count();
    }
}
