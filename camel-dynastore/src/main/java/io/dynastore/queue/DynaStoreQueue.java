/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.ClaimIndex;
import io.dynastore.store.Due;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.TableSchema;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A work queue as an operator sees it: looks into it without claiming, re-drives the dead, cancels items and changes
 * when they are due. Thread safe, never waits.
 *
 * <pre>{@code
 * DynaStoreQueue mails = DynaStoreQueue.builder(client, TableSchema.named("jobs"), "email")
 *         .deadPartition("email-dead")
 *         .claimIndex(new ClaimIndex("due", 8))
 *         .build();
 * mails.redriveAll(100).thenAccept(count -> log.info("{} mails are due again", count));
 * }</pre>
 *
 * <p>Name the same dead partition, index and clock skew as the consumers of the queue. With another index, or none, an
 * item that becomes due again has no right entry, and is found late.
 *
 * <p>Each change is one conditional transaction, at twice the capacity of a plain write. If the SDK repeats it after a
 * lost response, the result is that of the first attempt. If no response arrives, the future fails with {@link
 * io.dynastore.store.OutcomeUnknownException}, and the call may be repeated. Other errors of the client pass through
 * unchanged. Futures complete on the threads of the client.
 *
 * <p>Not guaranteed: a page or a count is no snapshot, since items change meanwhile.
 *
 * <p>Decision 19 in docs/decisions has the reasons.
 */
public final class DynaStoreQueue {

    private static final int PAGE = 100;

    private final TableSchema schema;
    private final QueueSettings settings;
    private final QueueReader reader;
    private final QueueWrites writes;

    private DynaStoreQueue(DynamoDbAsyncClient client, TableSchema schema, QueueSettings settings) {
        this.schema = schema;
        this.settings = settings;
        this.reader = new QueueReader(client, schema, settings);
        this.writes = new QueueWrites(client, schema, settings);
    }

    /**
     * Starts a view of a queue.
     *
     * @param client sends the requests; it belongs to the caller
     * @param schema the layout of the table, which needs a sort key
     * @param partition the partition key of the queue: text, a number or bytes
     */
    public static Builder builder(DynamoDbAsyncClient client, TableSchema schema, Object partition) {
        return new Builder(client, schema, partition);
    }

    /**
     * Reads a page of the queue, dead items included that are marked where they are. Costs what it examines.
     *
     * @param place where the page before ended; empty: at the start
     * @param examine how many items to examine at most
     */
    public CompletableFuture<QueuePage> items(Map<String, AttributeValue> place, int examine) {
        return reader.page(settings.partition(), place, examine);
    }

    /**
     * Reads a page of the dead partition, or, if there is none, of the queue's items that are marked dead.
     *
     * <p>An item is marked dead in the queue if its sort key is in use in the dead partition. With a dead partition,
     * such items are not on these pages, but on those of {@link #items}.
     *
     * @param place where the page before ended; empty: at the start
     * @param examine how many items to examine at most
     */
    public CompletableFuture<QueuePage> dead(Map<String, AttributeValue> place, int examine) {
        AttributeValue partition = settings.deadPartition();
        return partition != null
                ? reader.page(partition, place, examine)
                : items(place, examine)
                        .thenApply(page -> new QueuePage(
                                page.items().stream()
                                        .filter(item -> item.state() == QueueState.DEAD)
                                        .toList(),
                                page.place()));
    }

    /**
     * Counts the items by state. Reads the queue and its dead partition, each up to a limit: half a read unit for each
     * 4 KB of items. With an index, one query of a shard finds its oldest item, however many items there are.
     *
     * @param examine how many items of the queue, and of its dead partition, to examine at most
     */
    public CompletableFuture<QueueCount> count(int examine) {
        CompletableFuture<QueueCount> count = reader.count(settings.partition(), Map.of(), examine, QueueCount.NONE);
        AttributeValue dead = settings.deadPartition();
        if (dead != null) {
            count = count.thenCombine(reader.count(dead, Map.of(), examine, QueueCount.NONE), QueueCount::plus);
        }
        ClaimIndex index = settings.index();
        return index == null
                ? count
                : count.thenCombine(reader.oldestDue(settings.partition(), index), QueueCount::withOldest);
    }

    /**
     * Makes a dead item due again. Its deliveries begin again at 1. An item of the dead partition moves back to the
     * queue under its sort key.
     *
     * @param key the key of the dead item
     * @return APPLIED, MISSING, NOT_DEAD or OCCUPIED
     */
    public CompletableFuture<QueueChange> redrive(Key key) {
        AttributeValue partition = encoded(schema, key.partitionKey());
        return partition.equals(settings.deadPartition()) ? writes.moveBack(key) : writes.revive(checked(key));
    }

    /**
     * Makes dead items due again, one after the other.
     *
     * <p>With a dead partition, this leaves out the items that are marked dead in the queue, since their sort key was
     * in use there. {@link #redrive} takes them one by one.
     *
     * @param most how many at most
     * @return how many were made due again. Fails with the first error; those before stay due
     */
    public CompletableFuture<Integer> redriveAll(int most) {
        return redriveAll(Map.of(), most, 0);
    }

    private CompletableFuture<Integer> redriveAll(Map<String, AttributeValue> place, int most, int done) {
        if (done >= most) {
            return CompletableFuture.completedFuture(done);
        }
        return dead(place, PAGE).thenCompose(page -> {
            CompletableFuture<Integer> sum = CompletableFuture.completedFuture(done);
            for (QueuedItem item : page.items()) {
                sum = sum.thenCompose(sofar -> sofar >= most
                        ? CompletableFuture.completedFuture(sofar)
                        : redrive(item.key()).thenApply(change -> change == QueueChange.APPLIED ? sofar + 1 : sofar));
            }
            return page.last() ? sum : sum.thenCompose(sofar -> redriveAll(page.place(), most, sofar));
        });
    }

    /**
     * Deletes an item, dead or not, unless it is in flight.
     *
     * @return APPLIED, MISSING or IN_FLIGHT
     */
    public CompletableFuture<QueueChange> cancel(Key key) {
        return writes.cancel(checked(key));
    }

    /**
     * Changes from when an item can be claimed. Items of the dead partition are left alone: the result is DEAD.
     *
     * @param due a time after now, or an instant
     * @return APPLIED, MISSING, IN_FLIGHT or DEAD
     * @throws InvalidInputException if it is {@link Due#KEEP}
     */
    public CompletableFuture<QueueChange> due(Key key, Due due) {
        if (due instanceof Due.Keep) {
            throw new InvalidInputException("Key " + key + ": say when the item is due.");
        }
        Instant from = due instanceof Due.At at
                ? at.instant()
                : settings.clock().instant().plus(((Due.After) due).delay());
        // An item of the dead partition must not enter the index.
        return encoded(schema, checked(key).partitionKey()).equals(settings.deadPartition())
                ? CompletableFuture.completedFuture(QueueChange.DEAD)
                : writes.due(key, from);
    }

    /** An operator must not change an item of another partition by mistake. */
    private Key checked(Key key) {
        AttributeValue partition = encoded(schema, key.partitionKey());
        if (!partition.equals(settings.partition()) && !partition.equals(settings.deadPartition())) {
            throw new InvalidInputException("Table " + schema.table() + ", key " + key
                    + ": the key is not of this queue. Give a key of its partition, or of its dead partition.");
        }
        return key;
    }

    private static AttributeValue encoded(TableSchema schema, Object partition) {
        try {
            return schema.partitionKey().encode(partition, KeyAttribute.LONGEST_PARTITION_KEY);
        } catch (InvalidInputException e) {
            throw e.at("Table " + schema.table());
        }
    }

    /** Collects what a view knows of its queue. Not thread safe. */
    public static final class Builder {
        private final DynamoDbAsyncClient client;
        private final TableSchema schema;
        private final Object partition;
        private @Nullable Object deadPartition;
        private @Nullable ClaimIndex index;
        private Duration clockSkew = Duration.ofSeconds(2);
        private Clock clock = Clock.systemUTC();

        private Builder(DynamoDbAsyncClient client, TableSchema schema, Object partition) {
            this.client = client;
            this.schema = schema;
            this.partition = partition;
        }

        /** The partition key of dead items. Default: they stay where they are. */
        public Builder deadPartition(@Nullable Object key) {
            this.deadPartition = key;
            return this;
        }

        /** The index of the queue, as its consumers have it. Default: it has none. */
        public Builder claimIndex(@Nullable ClaimIndex claimIndex) {
            this.index = claimIndex;
            return this;
        }

        /** The largest difference between clocks, as the consumers have it. Default: 2 seconds. */
        public Builder clockSkew(Duration skew) {
            this.clockSkew = skew;
            return this;
        }

        /** Tells which items are due. Default: the system's. */
        public Builder clock(Clock time) {
            this.clock = time;
            return this;
        }

        /**
         * The view. Sends nothing.
         *
         * @throws InvalidInputException if the table has no sort key, or a partition key is not of its type
         */
        public DynaStoreQueue build() {
            if (schema.sortKey() == null) {
                throw new InvalidInputException("Table " + schema.table()
                        + ": a partition without a sort key has one item, and is no queue. Use a table with a sort"
                        + " key.");
            }
            return new DynaStoreQueue(
                    client,
                    schema,
                    new QueueSettings(
                            encoded(schema, partition),
                            deadPartition == null ? null : encoded(schema, deadPartition),
                            index,
                            clockSkew,
                            clock));
        }
    }
}
