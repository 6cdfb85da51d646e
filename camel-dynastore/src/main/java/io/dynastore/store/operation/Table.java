/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import io.dynastore.store.PayloadCodec;
import io.dynastore.store.TableSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * What every operation on a table needs.
 *
 * @param client sends the requests; owned by whoever made it
 * @param schema the table's layout
 * @param codec encodes and decodes payloads and fields
 * @param clock tells what has expired
 * @param random spreads retries
 * @param pause waits without a thread
 */
public record Table(
        DynamoDbAsyncClient client,
        TableSchema schema,
        PayloadCodec codec,
        Clock clock,
        RandomGenerator random,
        Pause pause) {

    /** Waits without a thread. */
    @FunctionalInterface
    public interface Pause {

        /** A future that completes after this time. */
        CompletableFuture<Void> of(Duration time);

        /** Waits by the JDK's own timer, and goes on in the executor. */
        static Pause timer(Executor executor) {
            return time -> CompletableFuture.runAsync(
                    () -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS, executor));
        }
    }

    /** The table's name, for messages and requests. */
    String name() {
        return schema.table();
    }
}
