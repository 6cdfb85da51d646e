/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.lease.ClockReading;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.LockAttributes;
import io.dynastore.store.QueueAttributes;
import io.dynastore.store.TableSchema;
import io.dynastore.store.internal.item.Expressions;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The simulated table does to an item what the engine does, for every request of claims. */
class ExpressionTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final int ITEMS = 60;

    /** Enough for some in each shard that are due. */
    private static final int MANY_ITEMS = 120;

    private static final ClaimIndex INDEX = new ClaimIndex("due", 2);
    private static final long NOW = 1_772_366_400_000L;
    private static final ClockReading TIME = new ClockReading(Instant.ofEpochMilli(NOW), 0);

    private final String name = dynamo.table(
            "jobs",
            TableSpec.partitionKey("id", S)
                    .sortKey("name", S)
                    .globalIndex(
                            INDEX.name(),
                            new KeySpec(QueueAttributes.SHARD, S),
                            new KeySpec(QueueAttributes.FROM, N),
                            ProjectionType.ALL));
    private final TableSchema schema = TableSchema.named(name);
    private final Random random = TestSeed.random();
    private final ClaimRequests requests = new ClaimRequests(
            schema,
            new ClaimSettings(
                    "m",
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(1),
                    3,
                    new RetryDelays(Duration.ZERO, 1, Duration.ZERO),
                    INDEX,
                    AttributeValue.fromS("dead")));

    @Test
    @NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
    void simulatedTableAgreesWithTheEngine() {
        int applied = 0;
        for (int number = 0; number < ITEMS; number++) {
            Map<String, AttributeValue> item = item(number);
            for (ClaimWrite write : writes(item)) {
                applied += agrees(item, write) ? 1 : 0;
            }
        }
        assertThat(applied).isGreaterThan(ITEMS);
    }

    @Test
    void engineFindsWhatTheSimulatedTableFinds() {
        findsTheSame(null, ClaimExpressions.CLAIMABLE, requests.claimable(TIME));
        findsTheSame(
                null,
                ClaimExpressions.outsideOfIndex(INDEX.shards()),
                requests.outsideOfIndex(INDEX, AttributeValue.fromS("jobs"), TIME));
    }

    @Test
    void engineFindsInTheIndexWhatTheSimulatedTableFinds() {
        findsTheSame(INDEX.name(), Expressions.LIVE, ClaimRequests.due(AttributeValue.fromS("0/jobs"), TIME));
    }

    private void findsTheSame(@Nullable String index, String filter, Map<String, AttributeValue> values) {
        SimulatedTable table = new SimulatedTable((write, before, after) -> {});
        for (int number = 0; number < MANY_ITEMS; number++) {
            Map<String, AttributeValue> item = item(number);
            table.put(item);
            dynamo.rawPut(name, item);
        }
        String key = index == null ? "#partitionKey = :id" : ClaimExpressions.DUE_IN_SHARD;
        Map<String, AttributeValue> all = index == null ? with(values, ":id", AttributeValue.fromS("jobs")) : values;
        List<Map<String, AttributeValue>> found = dynamo.client()
                .query(query -> query.tableName(name)
                        .indexName(index)
                        .keyConditionExpression(key)
                        .filterExpression(filter)
                        .expressionAttributeNames(ClaimExpressions.names(schema, filter, key))
                        .expressionAttributeValues(all))
                .join()
                .items();
        String simulatedFilter = index == null ? filter : Expressions.and(key, filter);
        List<Map<String, AttributeValue>> simulated = table.query("jobs", simulatedFilter, values, false).stream()
                .map(QueueItem::attributes)
                .toList();

        assertThat(found).containsExactlyInAnyOrderElementsOf(simulated).hasSizeBetween(1, MANY_ITEMS - 1);
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> values, String name, AttributeValue value) {
        values.put(name, value);
        return values;
    }

    private boolean agrees(Map<String, AttributeValue> item, ClaimWrite write) {
        SimulatedTable table = new SimulatedTable((sent, before, after) -> {});
        table.put(item);
        dynamo.rawScan(name).forEach(old -> dynamo.client()
                .deleteItem(delete -> delete.tableName(name).key(new QueueItem(schema, old).key()))
                .join());
        dynamo.rawPut(name, item);

        boolean simulated = table.apply(write) instanceof WriteResult.Applied;

        assertThat(applied(write)).as("%s on %s", write, item).isEqualTo(simulated);
        assertThat(dynamo.rawScan(name)).as("%s on %s", write, item).containsExactlyInAnyOrderElementsOf(table.all());
        return simulated;
    }

    private boolean applied(ClaimWrite write) {
        try {
            if (write instanceof ClaimWrite.Update update) {
                dynamo.client().updateItem(update.request()).join();
            } else if (write instanceof ClaimWrite.Delete delete) {
                dynamo.client().deleteItem(delete.request()).join();
            } else {
                dynamo.client()
                        .transactWriteItems(((ClaimWrite.Move) write).request())
                        .join();
            }
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfAny(ConditionalCheckFailedException.class, TransactionCanceledException.class);
            return false;
        }
    }

    private List<ClaimWrite> writes(Map<String, AttributeValue> item) {
        QueueItem read = new QueueItem(schema, item);
        ClaimAttempt attempt = ClaimAttempt.of(requests, read, TIME, random);
        String holder = random.nextInt(4) > 0 ? mine(item) : mine(item) + "x";
        Claim claim = new Claim(holder, schema, item, attempt.claim(item).term(), NOW);
        return List.of(
                new ClaimWrite.Update(attempt.request()),
                new ClaimWrite.Update(requests.renew(claim, NOW + random.nextInt(20_000) - 10_000)),
                new ClaimWrite.Delete(requests.delete(claim, read.versionNumber() - random.nextInt(2))),
                new ClaimWrite.Update(requests.fail(claim, Duration.ZERO, TIME)),
                new ClaimWrite.Update(requests.fail(claim, Duration.ofSeconds(2), TIME)),
                new ClaimWrite.Update(requests.keep(claim, TIME)),
                item.containsKey(QueueAttributes.COUNT)
                        ? new ClaimWrite.Update(requests.giveBack(claim, TIME))
                        : new ClaimWrite.Update(requests.keep(claim, TIME)),
                // Only what was claimed before has both.
                item.containsKey("version") && item.containsKey(LockAttributes.FENCE)
                        ? new ClaimWrite.Update(requests.bury(claim, "reason"))
                        : new ClaimWrite.Update(requests.keep(claim, TIME)),
                item.containsKey("version") && item.containsKey(LockAttributes.FENCE)
                        ? new ClaimWrite.Update(requests.burySpent(read, "reason", TIME))
                        : new ClaimWrite.Update(requests.keep(claim, TIME)),
                requests.move(claim, "reason"),
                requests.moveSpent(read, "reason", TIME, "m/" + random.nextInt()));
    }

    /** The id of a claim of this item. The token of its transaction is made of it. */
    private static String mine(Map<String, AttributeValue> item) {
        return "m/" + SimulatedTable.text(item, "name");
    }

    /** An item with any of the attributes that matter. */
    private Map<String, AttributeValue> item(int number) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("id", AttributeValue.fromS("jobs"));
        item.put("name", AttributeValue.fromS("job-%03d".formatted(number)));
        item.put("payload", AttributeValue.fromS("work"));
        maybe(item, "version", 3, random.nextInt(3));
        maybe(item, "expires", 1, NOW / 1000 + random.nextInt(3) - 1);
        maybe(item, QueueAttributes.UNTIL, 2, NOW + random.nextInt(10_000) - 5_000);
        maybe(item, QueueAttributes.FROM, 2, NOW + random.nextInt(10_000) - 5_000);
        if (random.nextInt(3) > 0) {
            item.put(QueueAttributes.SHARD, AttributeValue.fromS(random.nextInt(3) + "/jobs"));
        }
        maybe(item, QueueAttributes.COUNT, 2, 1 + random.nextInt(4));
        maybe(item, QueueAttributes.DEAD, 1, random.nextInt(3));
        maybe(item, LockAttributes.FENCE, 2, random.nextInt(5));
        if (random.nextBoolean()) {
            item.put(QueueAttributes.HOLDER, AttributeValue.fromS(mine(item)));
        }
        if (random.nextInt(10) == 0) {
            item.put(LockAttributes.LOCK, AttributeValue.fromN("1"));
        }
        return item;
    }

    private void maybe(Map<String, AttributeValue> item, String attribute, int often, long value) {
        if (random.nextInt(4) < often) {
            item.put(attribute, AttributeValue.fromN(Long.toString(value)));
        }
    }
}
