/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.message.CallReader;
import io.dynastore.queue.Claims;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Makes the sessions of consumers that claim.
 *
 * @param client sends the writes of claims
 * @param codec decodes payloads
 * @param member the readable name of this process
 */
public record ClaimsFactory(DynamoDbAsyncClient client, PayloadCodec codec, String member) {

    ClaimSession session(
            ClaimOptions options,
            CallReader calls,
            ConsumerContext context,
            DefaultConsumer consumer,
            ConsumerSession.ConsumerState state,
            TableErrorLog tableErrors) {
        TableSchema schema = context.store().schema();
        Partition.Keyed dead = options.deadPartition() == null
                ? null
                : Partition.Keyed.of(calls.keys().partition(options.deadPartition(), schema.partitionKey()));
        if (!(context.options().partitionKeys() instanceof Supplier)) {
            rejectConsumed(context, dead);
        }
        ExecutorServiceManager threads =
                consumer.getEndpoint().getCamelContext().getExecutorServiceManager();
        ScheduledExecutorService timer =
                threads.newSingleThreadScheduledExecutor(consumer, "DynaStoreClaims-" + schema.table());
        Claims claims = new Claims(
                context.reads(),
                client,
                schema,
                codec,
                calls.consumed().build().options().payloadFormat(),
                options.settings(member, schema, dead),
                () -> ThreadLocalRandom.current().nextLong(),
                timer);
        return new ClaimSession(
                context,
                claims,
                options.concurrentClaims(),
                dead,
                consumer,
                state,
                tableErrors,
                () -> threads.shutdownNow(timer));
    }

    /** Dead items that are consumed would be delivered again for ever. */
    static void rejectConsumed(ConsumerContext context, @Nullable Partition dead) {
        if (dead != null && context.partitions().contains(dead)) {
            throw new InvalidInputException("Table " + context.location().table()
                    + ": the option deadPartition names a partition that is consumed, so that dead items would be"
                    + " delivered again. Name another partition.");
        }
    }
}
