/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import io.dynastore.store.codec.PayloadCodec;
import io.dynastore.store.internal.item.KeySchemaErrors;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.item.TimeLimitedClient;
import io.dynastore.store.internal.operation.Operations;
import io.dynastore.store.internal.operation.ServiceErrorTranslator;
import io.dynastore.store.metrics.OperationMetrics;
import io.dynastore.store.metrics.StoreMetrics;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The items of one DynamoDB table.
 *
 * <p>Thread safe, and never waits: what it returns completes on the threads on which the client completes its futures.
 * The client belongs to the caller, and is not closed here.
 *
 * <pre>{@code
 * DynaStore tickets = DynaStore.builder(client, TableSchema.named("tickets")).build();
 * tickets.execute(Call.create(Key.of("customer", "1"), "hello").build());
 * }</pre>
 */
public final class DynaStore {

    private final TableContext table;
    private final TableSchema schema;
    private final KeySchemaErrors keys;
    private final Call.Operations operations;
    private final StoreMetrics metrics;

    private DynaStore(TableContext table, StoreMetrics metrics) {
        this.table = table;
        this.schema = table.schema();
        this.metrics = metrics;
        this.keys = new KeySchemaErrors(table);
        this.operations = new Operations(table, metrics.of(Operation.LIST)::consumed, metrics.running());
    }

    /** Starts a store on a table. The table has to exist when it is used. */
    public static Builder builder(DynamoDbAsyncClient client, TableSchema schema) {
        return new Builder(client, schema);
    }

    /** The same store, which sends its requests by another client. Calls are counted together. */
    public DynaStore over(DynamoDbAsyncClient client) {
        return new DynaStore(
                new TableContext(
                        TimeLimitedClient.of(client),
                        schema,
                        table.codec(),
                        table.clock(),
                        table.random(),
                        table.pause()),
                metrics);
    }

    /** The table's layout. */
    public TableSchema schema() {
        return schema;
    }

    /** The metrics of the calls up to now. */
    public StoreMetrics metrics() {
        return metrics;
    }

    /**
     * Carries out a call.
     *
     * @return completes with the outcome. It fails with a {@link DynaStoreException} if the store refuses the call, or
     *     with the SDK's own exception if the service can't be reached, throttles or denies access. As with every
     *     {@link CompletableFuture}, dependent stages see it inside a CompletionException: {@link Failures#cause}
     *     unwraps it.
     */
    public <R extends Outcome> CompletableFuture<R> execute(Call<R> call) {
        OperationMetrics counted = metrics.of(call.operation());
        long began = System.nanoTime();
        try {
            return call.executeBy(operations)
                    .handle((outcome, error) -> ended(call, counted, began, outcome, error))
                    .exceptionallyCompose(error -> keys.explained(error, index(call)));
        } catch (InvalidInputException e) {
            counted.ended(began, e);
            return CompletableFuture.failedFuture(e.at("Table " + schema.table() + ", operation "
                    + call.operation().text()));
        } catch (RuntimeException | Error e) {
            counted.ended(began, e);
            throw e;
        }
    }

    private static @Nullable String index(Call<?> call) {
        ListOptions list = ServiceErrorTranslator.options(call);
        return list == null ? null : list.index();
    }

    private <R extends Outcome> R ended(
            Call<R> call, OperationMetrics counted, long began, @Nullable R outcome, @Nullable Throwable error) {
        Throwable cause = error == null ? null : ServiceErrorTranslator.translated(schema, call, error);
        counted.ended(began, cause);
        if (outcome == null) {
            throw new CompletionException(cause);
        }
        counted.consumed(outcome.consumedCapacity());
        return outcome;
    }

    /** Collects what a store needs. Not thread safe. */
    public static final class Builder {
        private final DynamoDbAsyncClient client;
        private final TableSchema schema;
        private @Nullable PayloadCodec codec;
        private Clock clock = Clock.systemUTC();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private Pause pause = Pause.timer(ForkJoinPool.commonPool());
        private StoreMetrics metrics = new StoreMetrics();

        private Builder(DynamoDbAsyncClient client, TableSchema schema) {
            this.client = client;
            this.schema = schema;
        }

        /** How payloads are encoded. Default: by {@link PayloadCodec#defaultMapper()}, without a class. */
        public Builder codec(PayloadCodec codec) {
            this.codec = codec;
            return this;
        }

        /** Decides what has expired, and when a new item will. Default: the system's clock. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Spreads retries. Default: a generator of each thread's own. Must be thread safe. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** How to wait without a thread. Default: the JDK's timer. */
        public Builder pause(Pause pause) {
            this.pause = pause;
            return this;
        }

        /** Where calls are counted. Default: the store's own. */
        public Builder metrics(StoreMetrics metrics) {
            this.metrics = metrics;
            return this;
        }

        /** The store. */
        public DynaStore build() {
            PayloadCodec used = codec != null ? codec : new PayloadCodec(PayloadCodec.defaultMapper(), null);
            return new DynaStore(
                    new TableContext(TimeLimitedClient.of(client), schema, used, clock, random, pause), metrics);
        }
    }
}
