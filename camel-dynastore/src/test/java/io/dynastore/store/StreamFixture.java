/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.QueryGate;
import io.dynastore.testkit.SettableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** A table that streams are read from, three rows a page. Ranks run against the sort keys. */
final class StreamFixture {

    static final int ROWS = 3;
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");

    final String table;
    private final DynamoDbExtension dynamo;

    StreamFixture(DynamoDbExtension dynamo) {
        this.dynamo = dynamo;
        this.table = dynamo.table(
                "stream",
                TableSpec.partitionKey("id", S)
                        .sortKey("name", S)
                        .localIndex("by-rank", "rank", N, ProjectionType.ALL)
                        .localIndex("by-rank-keys", "rank", N, ProjectionType.KEYS_ONLY));
    }

    /** A client of its own for each test, so that its queries are numbered from 1. */
    QueryGate valve() {
        return new QueryGate(dynamo.client(), ROWS);
    }

    DynaStore store(QueryGate valve) {
        return DynaStore.builder(valve, TableSchema.named(table))
                .clock(new SettableClock(NOW))
                .build();
    }

    /** Items 00, 01, 02, and so on, some of them expired. */
    void fill(String partition, int items, IntPredicate expired) {
        for (int i = 0; i < items; i++) {
            Map<String, AttributeValue> item = new HashMap<>();
            item.put("id", AttributeValue.fromS(partition));
            item.put("name", AttributeValue.fromS(name(i)));
            item.put("version", AttributeValue.fromN("4"));
            item.put("payload", AttributeValue.fromS("payload of " + name(i)));
            item.put("rank", AttributeValue.fromN(Integer.toString(100 - i)));
            item.put("expires", AttributeValue.fromN(Long.toString(NOW.getEpochSecond() + (expired.test(i) ? -1 : 9))));
            dynamo.rawPut(table, item);
        }
    }

    static ListCall.Builder list(String partition) {
        return Call.list(partition);
    }

    static ItemStream open(DynaStore store, ListCall.Builder list) {
        try {
            return store.execute(Call.stream(list.build())).join().items();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The sort keys of the rest. */
    static List<String> rest(ItemStream items) {
        List<String> names = new ArrayList<>();
        items.forEachRemaining(item -> names.add(String.valueOf(item.key().sortKey())));
        return names;
    }

    static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(StreamFixture::name).toList();
    }

    static String name(int number) {
        return "%02d".formatted(number);
    }
}
