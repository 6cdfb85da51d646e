/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * A claim loop as one would write it by hand on the SDK: it reads due entries of the index, claims each under its
 * version, and deletes it under its claim. It neither renews nor counts, and a lost response loses it an item for the
 * length of a claim.
 */
final class ClaimLoop {

    private static final int PAGE = 40;
    private static final long TTL = 60_000;

    private final DynamoDbAsyncClient client;
    private final String table;
    private final int shards;
    private final Semaphore slots;
    private final int concurrent;
    private final LongAdder done = new LongAdder();

    ClaimLoop(DynamoDbAsyncClient client, String table, int shards, int concurrent) {
        this.client = client;
        this.table = table;
        this.shards = shards;
        this.concurrent = concurrent;
        this.slots = new Semaphore(concurrent);
    }

    /** Runs until this many items are done. */
    void run(long items) throws InterruptedException {
        List<Integer> order = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            order.add(shard);
        }
        Collections.shuffle(order);
        while (done.sum() < items) {
            for (int shard : order) {
                for (Map<String, AttributeValue> item : due(shard).items()) {
                    slots.acquire();
                    CompletableFuture<?> unused = claim(item).whenComplete((end, error) -> slots.release());
                }
            }
            slots.acquire(concurrent);
            slots.release(concurrent);
        }
    }

    private QueryResponse due(int shard) {
        return client.query(query -> query.tableName(table)
                        .indexName("due")
                        .keyConditionExpression("#s = :s AND #f <= :now")
                        .expressionAttributeNames(Map.of("#s", "_dsqs", "#f", "_dsqf"))
                        .expressionAttributeValues(Map.of(
                                ":s", AttributeValue.fromS(shard + "/jobs"),
                                ":now", number(System.currentTimeMillis())))
                        .limit(PAGE))
                .join();
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    private CompletableFuture<?> claim(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> key = Map.of("id", item.get("id"), "name", item.get("name"));
        AttributeValue me = AttributeValue.fromS(UUID.randomUUID().toString());
        AttributeValue until = number(System.currentTimeMillis() + TTL);
        return client.updateItem(update -> update.tableName(table)
                        .key(key)
                        .updateExpression("SET #h = :me, #u = :until, #f = :until, #v = #v + :one")
                        .conditionExpression("#v = :seen AND (attribute_not_exists(#u) OR #u < :now)")
                        .expressionAttributeNames(Map.of("#h", "_dsqh", "#u", "_dsqu", "#f", "_dsqf", "#v", "version"))
                        .expressionAttributeValues(Map.of(
                                ":me", me,
                                ":until", until,
                                ":one", number(1),
                                ":seen", item.get("version"),
                                ":now", number(System.currentTimeMillis())))
                        .returnValues(ReturnValue.ALL_NEW))
                .thenCompose(claimed -> client.deleteItem(delete -> delete.tableName(table)
                        .key(key)
                        .conditionExpression("#h = :me AND #v = :v")
                        .expressionAttributeNames(Map.of("#h", "_dsqh", "#v", "version"))
                        .expressionAttributeValues(
                                Map.of(":me", me, ":v", claimed.attributes().get("version")))))
                .thenRun(done::increment)
                .exceptionally(error -> null);
    }
}
