/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A table for locks, a key that no lock had before, and the item as the table has it. */
final class LockFixture {

    static final Duration TTL = Duration.ofSeconds(20);
    static final Duration SKEW = Duration.ofSeconds(2);

    private static final AtomicInteger LOCKS = new AtomicInteger();

    final TableSchema schema;
    private final DynamoDbExtension dynamo;

    LockFixture(DynamoDbExtension dynamo) {
        this.dynamo = dynamo;
        this.schema = TableSchema.named(dynamo.table(
                "locks",
                TableSpec.partitionKey("id", ScalarAttributeType.S).sortKey("name", ScalarAttributeType.S).stream()));
    }

    static Key freshKey() {
        return Key.of("locks", "lock-" + LOCKS.incrementAndGet());
    }

    /** Locks whose time the test turns, and whose random numbers are always the same. */
    Locks.Builder locks(DynamoDbAsyncClient client, ManualTime time) {
        return Locks.builder(client, schema)
                .clock(time.clock)
                .ticker(time)
                .timer(time)
                .random(() -> 0)
                .serviceTime(false);
    }

    Map<String, AttributeValue> raw(Key key) {
        return dynamo.rawGet(schema.table(), schema.encode(key));
    }

    /** A number of the item; -1 if it has none. */
    long number(Key key, String attribute) {
        AttributeValue value = raw(key).get(attribute);
        return value == null ? -1 : Long.parseLong(value.n());
    }

    @Nullable
    String text(Key key, String attribute) {
        AttributeValue value = raw(key).get(attribute);
        return value == null ? null : value.s();
    }

    void rawPut(Key key, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.putAll(schema.encode(key));
        dynamo.rawPut(schema.table(), item);
    }

    void rawDelete(Key key) {
        dynamo.client()
                .deleteItem(delete -> delete.tableName(schema.table()).key(schema.encode(key)))
                .join();
    }

    /** Polls often, because the wait is short. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    /** A client over a bad network that hardly waits between its attempts. */
    static DynamoDbAsyncClient impatient(DynamoDbExtension dynamo, FaultyHttpClient http) {
        return dynamo.clientBuilder()
                .httpClient(http)
                .overrideConfiguration(LockFixture::retrySoon)
                .build();
    }

    static void retrySoon(ClientOverrideConfiguration.Builder override) {
        BackoffStrategy soon = BackoffStrategy.exponentialDelay(Duration.ofMillis(5), Duration.ofMillis(20));
        override.retryStrategy(
                retry -> retry.maxAttempts(4).backoffStrategy(soon).throttlingBackoffStrategy(soon));
    }

    /** The value of a future. If it fails, its exception is thrown unwrapped. */
    static <T> T got(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
