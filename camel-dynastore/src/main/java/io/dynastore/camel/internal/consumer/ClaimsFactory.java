/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.message.CallReader;
import io.dynastore.queue.Claims;
import io.dynastore.queue.DynaStoreQueue;
import io.dynastore.store.ClaimIndex;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.ListOptions;
import io.dynastore.store.TableSchema;
import io.dynastore.store.codec.PayloadCodec;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Makes what consumers that claim work with.
 *
 * @param camel makes the threads
 * @param client sends the writes of claims
 * @param codec decodes payloads
 * @param member the readable name of this process
 */
public record ClaimsFactory(CamelContext camel, DynamoDbAsyncClient client, PayloadCodec codec, String member) {

    /** Makes the session of a consumer. */
    ClaimSession session(
            ClaimOptions options,
            CallReader calls,
            ConsumerContext context,
            DefaultConsumer consumer,
            ConsumerSession.ConsumerState state,
            TableErrorLog tableErrors)
            throws Exception {
        Partition.Keyed dead = check(options, calls, context);
        ScheduledExecutorService timer = timer(context);
        Claims claims = claims(options, calls, context, dead, timer);
        return new ClaimSession(
                context,
                claims,
                monitor(options, context, claims),
                new ClaimsInFlight(context, options.concurrentClaims(), consumer, state),
                source(options, context, claims, options.concurrentClaims()),
                dead,
                consumer,
                tableErrors,
                () -> camel.getExecutorServiceManager().shutdownNow(timer));
    }

    /** Makes the poller of an endpoint. */
    ClaimPoller poller(ClaimOptions options, CallReader calls, ConsumerContext context) throws Exception {
        Partition.Keyed dead = check(options, calls, context);
        ScheduledExecutorService timer = timer(context);
        Claims claims = claims(options, calls, context, dead, timer);
        return new ClaimPoller(
                context,
                claims,
                monitor(options, context, claims),
                source(options, context, claims, 1),
                dead,
                () -> camel.getExecutorServiceManager().shutdownNow(timer));
    }

    private Partition.@Nullable Keyed check(ClaimOptions options, CallReader calls, ConsumerContext context)
            throws Exception {
        TableSchema schema = context.store().schema();
        if (options.index() != null) {
            ClaimIndexCheck.check(client, schema, options.index());
        }
        Partition.Keyed dead = options.deadPartition() == null
                ? null
                : Partition.Keyed.of(calls.keys().partition(options.deadPartition(), schema.partitionKey()));
        if (!(context.options().partitionKeys() instanceof Supplier)) {
            rejectConsumed(context, dead);
        }
        return dead;
    }

    private ScheduledExecutorService timer(ConsumerContext context) {
        return camel.getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(
                        this, "DynaStoreClaims-" + context.store().schema().table());
    }

    private Claims claims(
            ClaimOptions claiming,
            CallReader calls,
            ConsumerContext context,
            Partition.@Nullable Keyed dead,
            ScheduledExecutorService timer) {
        TableSchema schema = context.store().schema();
        ListOptions options = calls.consumed().build().options();
        return new Claims(
                context.reads(),
                client,
                schema,
                codec,
                options.payloadFormat(),
                options.fields(),
                claiming.settings(member, schema, dead),
                () -> ThreadLocalRandom.current().nextLong(),
                context.counters().claims(),
                timer);
    }

    /** Its queries are not those of the consumer: nothing waits for them, and no stop cancels them. */
    private QueueMonitor monitor(ClaimOptions options, ConsumerContext context, Claims claims) {
        return new QueueMonitor(context, claims, (partition, withDead) -> DynaStoreQueue.builder(
                        client, context.store().schema(), partition)
                .deadPartition(withDead ? options.deadPartition() : null)
                .claimIndex(options.index())
                .clockSkew(options.clockSkew())
                .build());
    }

    private static CandidateSource source(ClaimOptions options, ConsumerContext context, Claims claims, int most) {
        CandidateReader table = new CandidateReader(context, claims, most);
        ClaimIndex index = options.index();
        return index == null ? table : new DueItems(context, claims, index, table, options.tableInterval(), most);
    }

    /** Dead items that are consumed would be delivered again for ever. */
    static void rejectConsumed(ConsumerContext context, @Nullable Partition dead) {
        if (dead != null && context.source().current().contains(dead)) {
            throw new InvalidInputException("Table " + context.location().table()
                    + ": the option deadPartition names a partition that is consumed, so that dead items would be"
                    + " delivered again. Name another partition.");
        }
    }
}
