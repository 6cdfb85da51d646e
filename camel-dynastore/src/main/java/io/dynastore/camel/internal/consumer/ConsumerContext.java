/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.DeliveredItem;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.store.Call;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.InvalidTokenException;
import io.dynastore.store.Item;
import io.dynastore.store.ListCall;
import io.dynastore.store.Outcome;
import io.dynastore.store.VersionConflictException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a consumer works with: it reads pages, fills exchanges and acknowledges items. Thread safe.
 *
 * @param reads the client that all requests of the consumer are sent by
 * @param store the consumed table
 * @param location the place of the table
 * @param list the list that reads a page; lacks partition and token
 * @param source the partitions that are read
 * @param positions the checkpoint of each partition
 * @param options how the consumer works
 * @param counters counts deliveries and their results
 * @param group the group that the partitions are shared with; null if there is none
 */
public record ConsumerContext(
        CancellableReads reads,
        DynaStore store,
        TableLocation location,
        ListCall.Builder list,
        PartitionSource source,
        PositionStore positions,
        ConsumerOptions options,
        ConsumerCounters counters,
        @Nullable GroupPartitions group) {

    /** Done at once. Not changed by anybody. */
    private static final CompletableFuture<Boolean> DONE = CompletableFuture.completedFuture(true);

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    /** The same, with other positions. */
    ConsumerContext with(PositionStore other) {
        return new ConsumerContext(reads, store, location, list, source, other, options, counters, group);
    }

    /**
     * The partitions that are consumed now. In a group, those that this member may read now.
     *
     * @throws InvalidInputException naming the table, if the bean that names the partitions returns something else
     */
    List<Partition> partitions() {
        try {
            return group == null ? source.current() : group.current();
        } catch (InvalidInputException e) {
            throw e.at("Table " + location.table());
        }
    }

    /**
     * Reads a page.
     *
     * @param token the position to begin behind; null at the start
     * @param most the largest number of items that the caller can use
     */
    CompletableFuture<Outcome.Page> page(Partition partition, @Nullable String token, int most) {
        ListCall.Builder call = list.copy();
        partition.into(call);
        Integer size = options.pageSize();
        if (size != null || most < Integer.MAX_VALUE) {
            call.limit(Math.max(1, size == null ? most : Math.min(size, most)));
        }
        return store.execute(call.nextToken(token).build()).handle((page, error) -> {
            Throwable cause = cause(error);
            if (cause instanceof InvalidTokenException invalid) {
                throw positions.invalid(partition, invalid);
            }
            if (cause != null) {
                throw new CompletionException(cause);
            }
            return page;
        });
    }

    private static @Nullable Throwable cause(@Nullable Throwable error) {
        return error == null ? null : Failures.cause(error);
    }

    /** Whether a position moves over items that a filter leaves out. */
    boolean filters() {
        return options.ordered() && !list.build().options().filter().isEmpty();
    }

    /**
     * Makes an item the message of a new exchange. The exchange has then seen the version of the item. It fails with
     * the error of an item that can't be read.
     */
    void fill(Exchange exchange, ConsumedItem consumed) {
        Item item = consumed.item();
        Message message = exchange.getMessage();
        message.setBody(item.payload());
        message.setHeader(DynaStoreConstants.PARTITION_KEY, item.key().partitionKey());
        if (item.key().sortKey() != null) {
            message.setHeader(DynaStoreConstants.SORT_KEY, item.key().sortKey());
        }
        if (item.expires() != null) {
            message.setHeader(DynaStoreConstants.EXPIRES, item.expires());
        }
        if (consumed.versionKnown()) {
            message.setHeader(DynaStoreConstants.VERSION, item.version());
            ExchangeState.change(exchange, state -> state.with(consumed.delivered()));
        }
        if (consumed.error() == null) {
            message.setHeader(DynaStoreConstants.ITEM_FIELDS, item.fields());
        } else {
            exchange.setException(consumed.error());
        }
    }

    /**
     * Acknowledges an item whose exchange succeeded: deletes it if it is to be deleted, at the version that the
     * exchange has read or has written last.
     *
     * @return whether the item is done; false if it has changed meanwhile, and so is kept. Fails with the error of an
     *     item whose version can't be read, as a change of it could not be detected
     */
    CompletableFuture<Boolean> acknowledge(ConsumedItem item) {
        return switch (options.onSuccess()) {
            case NONE -> {
                counters.succeeded();
                yield DONE;
            }
            case DELETE ->
                item.versionKnown() ? delete(item.delivered()) : CompletableFuture.failedFuture(item.error());
        };
    }

    private CompletableFuture<Boolean> delete(DeliveredItem item) {
        DeleteCall delete = Call.delete(item.item().key())
                .expectedVersion(item.version())
                .mustExist(false)
                .includeExpired(options.includeExpired())
                .build();
        return store.execute(delete).handle((outcome, error) -> {
            Throwable cause = cause(error);
            if (cause instanceof VersionConflictException conflict) {
                LOG.debug(
                        "The item was processed and is kept, because it has changed meanwhile: {}",
                        conflict.getMessage());
                counters.kept();
                return false;
            }
            if (cause != null) {
                throw new CompletionException(cause);
            }
            counters.succeeded();
            return true;
        });
    }
}
