/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.history.Report.Rule;
import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyType;
import io.dynastore.store.ListCall;
import io.dynastore.store.Outcome;
import io.dynastore.store.TableSchema;
import io.dynastore.store.WriteCall;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.TestSeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Lists that are walked page by page while others write: what is there all the time is seen exactly once. */
class ListWalkTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final String PARTITION = "list";
    private static final String INDEX = "by-owner";
    private static final int STABLE = 60;
    private static final int PAGE = 7;

    /** More items than a page has share a rank, so that a position needs more than the index's own keys. */
    private static final int PER_RANK = 10;

    private final Set<String> alwaysThere =
            IntStream.range(0, STABLE).mapToObj(ListWalkTest::stable).collect(Collectors.toSet());

    private String table;
    private DynaStore store;

    @BeforeEach
    void fill() {
        table = dynamo.table(
                "walk",
                TableSpec.partitionKey("id", ScalarAttributeType.S)
                        .sortKey("name", ScalarAttributeType.S)
                        .globalIndex(
                                INDEX,
                                new KeySpec("owner", ScalarAttributeType.S),
                                new KeySpec("rank", ScalarAttributeType.N),
                                ProjectionType.ALL));
        store = DynaStore.builder(dynamo.client(), TableSchema.named(table)).build();
        IntStream.range(0, STABLE).forEach(i -> store.execute(write(WriteCall.Kind.CREATE, stable(i), i))
                .join());
    }

    @Test
    void seesEachItemOnceThatStays() {
        assertThat(walkedWhileOthersWrite(call().partitionKey(PARTITION)).violations())
                .isEmpty();
    }

    @Test
    void seesEachItemOnceThatStaysBackwards() {
        assertThat(walkedWhileOthersWrite(call().partitionKey(PARTITION).reverse(true))
                        .violations())
                .isEmpty();
    }

    @Test
    void seesEachItemOnceThatStaysThroughIndex() {
        assertThat(walkedWhileOthersWrite(call().partitionKey("somebody")
                                .index(INDEX)
                                .indexPartitionKeyName("owner")
                                .indexSortKeyName("rank")
                                .indexSortKeyType(KeyType.NUMBER))
                        .violations())
                .isEmpty();
    }

    @Test
    void catchesTokenThatMissesKeys() {
        assertThat(HistoryChecks.checkWalk(alwaysThere, walkedBehindRank()).broken())
                .containsOnlyKeys(Rule.LISTS_ARE_COMPLETE);
    }

    @Test
    void catchesWalkThatStepsBack() {
        List<String> seen = walk(call().partitionKey(PARTITION));
        seen.add(stable(1));

        assertThat(HistoryChecks.checkWalk(alwaysThere, seen).violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.text()).contains("item-001", "2 times"));
    }

    /** Walks several times while one writer changes what stays, and another adds and removes in between. */
    private Report walkedWhileOthersWrite(ListCall.Builder list) {
        AtomicBoolean walking = new AtomicBoolean(true);
        CompletableFuture<Void> changing =
                CompletableFuture.runAsync(() -> changeWhile(walking, new Random(TestSeed.value())));
        CompletableFuture<Void> coming =
                CompletableFuture.runAsync(() -> comeAndGoWhile(walking, new Random(TestSeed.value())));
        Report report = new Report();
        try {
            for (int i = 0; i < 5; i++) {
                HistoryChecks.checkWalk(alwaysThere, walk(list))
                        .violations()
                        .forEach(violation -> report.violated(violation.rule(), violation.text()));
            }
        } finally {
            walking.set(false);
        }
        changing.join();
        coming.join();
        return report;
    }

    private void changeWhile(AtomicBoolean walking, Random dice) {
        while (walking.get()) {
            int i = dice.nextInt(STABLE);
            store.execute(write(WriteCall.Kind.UPDATE, stable(i), i)).join();
        }
    }

    private void comeAndGoWhile(AtomicBoolean walking, Random dice) {
        while (walking.get()) {
            int i = dice.nextInt(STABLE);
            store.execute(write(WriteCall.Kind.PUT, stable(i) + "-guest", i)).join();
            store.execute(Call.delete(Key.of(PARTITION, stable(dice.nextInt(STABLE)) + "-guest"))
                            .mustExist(false)
                            .build())
                    .join();
        }
    }

    private List<String> walk(ListCall.Builder list) {
        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            Outcome.Page page = store.execute(list.nextToken(token).build()).join();
            page.items().stream()
                    .map(Item::key)
                    .map(Key::sortKey)
                    .map(String::valueOf)
                    .forEach(seen::add);
            token = page.nextToken();
        } while (token != null);
        list.nextToken(null);
        return seen;
    }

    /** A walk as a client does it whose token holds the index's sort key alone. */
    private List<String> walkedBehindRank() {
        List<String> seen = new ArrayList<>();
        AttributeValue behind = AttributeValue.fromN("-1");
        while (true) {
            Map<String, AttributeValue> values = new HashMap<>();
            values.put(":owner", AttributeValue.fromS("somebody"));
            values.put(":behind", behind);
            List<Map<String, AttributeValue>> items = dynamo.client()
                    .query(query -> query.tableName(table)
                            .indexName(INDEX)
                            .keyConditionExpression("#owner = :owner AND #rank > :behind")
                            .expressionAttributeNames(Map.of("#owner", "owner", "#rank", "rank"))
                            .expressionAttributeValues(values)
                            .limit(PAGE))
                    .join()
                    .items();
            if (items.isEmpty()) {
                return seen;
            }
            for (Map<String, AttributeValue> item : items) {
                seen.add(item.getOrDefault("name", AttributeValue.fromS("")).s());
                behind = item.getOrDefault("rank", behind);
            }
        }
    }

    private static ListCall.Builder call() {
        return ListCall.builder().limit(PAGE);
    }

    private static WriteCall write(WriteCall.Kind kind, String name, int i) {
        return WriteCall.builder(kind)
                .key(Key.of(PARTITION, name))
                .value(name)
                .fields(Map.of("owner", "somebody", "rank", i / PER_RANK))
                .build();
    }

    private static String stable(int i) {
        return String.format("item-%03d", i);
    }
}
