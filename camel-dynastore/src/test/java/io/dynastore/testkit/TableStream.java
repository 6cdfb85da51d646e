/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import io.dynastore.test.DynamoDbExtension;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** Reads the stream of a table: every change that was applied, in order. For an engine that keeps one open shard. */
public final class TableStream {

    private final DynamoDbStreamsAsyncClient client;
    private final String arn;
    private final Map<String, @Nullable String> iterators = new HashMap<>();
    private final List<Record> records = new ArrayList<>();

    private TableStream(DynamoDbStreamsAsyncClient client, String arn) {
        this.client = client;
        this.arn = arn;
    }

    /**
     * All changes from the first one to one that the caller made at the end, in order. A change that the engine told
     * twice comes once.
     *
     * @param last knows that one; waits for ever if it does not come
     */
    public static List<Record> readUntil(DynamoDbExtension dynamo, String table, Predicate<Record> last) {
        String arn = dynamo.client()
                .describeTable(describe -> describe.tableName(table))
                .join()
                .table()
                .latestStreamArn();
        try (DynamoDbStreamsAsyncClient client = client(dynamo)) {
            return new TableStream(client, arn).readUntil(last);
        }
    }

    static DynamoDbStreamsAsyncClient client(DynamoDbExtension dynamo) {
        return DynamoDbStreamsAsyncClient.builder()
                .endpointOverride(dynamo.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }

    private List<Record> readUntil(Predicate<Record> last) {
        boolean found = false;
        while (!found) {
            found = pass(last);
        }
        Set<String> seen = new HashSet<>();
        return records.stream()
                .filter(change -> seen.add(change.dynamodb().sequenceNumber()))
                .sorted(Comparator.comparing(
                        change -> new BigInteger(change.dynamodb().sequenceNumber())))
                .toList();
    }

    /** One request to each shard, old ones before new ones. Shards that hold the end of the history are the newest. */
    private boolean pass(Predicate<Record> last) {
        boolean found = false;
        for (Shard shard : shards()) {
            String id = shard.shardId();
            if (!iterators.containsKey(id)) {
                iterators.put(id, start(id));
            }
            found |= drain(id, last);
        }
        return found;
    }

    /** Reads a shard up to what it has now. */
    private boolean drain(String shard, Predicate<Record> last) {
        for (String at = iterators.get(shard); at != null; at = iterators.get(shard)) {
            String from = at;
            GetRecordsResponse response =
                    client.getRecords(get -> get.shardIterator(from)).join();
            records.addAll(response.records());
            iterators.put(shard, response.nextShardIterator());
            if (response.records().stream().anyMatch(last)) {
                return true;
            }
            if (response.records().isEmpty()) {
                return false;
            }
        }
        return false;
    }

    private List<Shard> shards() {
        List<Shard> shards = new ArrayList<>();
        String after = null;
        do {
            String from = after;
            var stream = client.describeStream(
                            describe -> describe.streamArn(arn).exclusiveStartShardId(from))
                    .join()
                    .streamDescription();
            shards.addAll(stream.shards());
            after = stream.lastEvaluatedShardId();
        } while (after != null);
        return shards;
    }

    private String start(String shard) {
        return client.getShardIterator(
                        get -> get.streamArn(arn).shardId(shard).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .join()
                .shardIterator();
    }
}
