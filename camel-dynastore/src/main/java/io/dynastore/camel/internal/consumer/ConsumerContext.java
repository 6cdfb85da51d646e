/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.OnSuccess;
import io.dynastore.camel.ResumeMode;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.SeenVersions;
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
 * Everything that consumers of an endpoint read and write with. Thread safe.
 *
 * @param store the table's items
 * @param location where the table is
 * @param list what the options say of reading; lacks partition and token
 * @param partitions what is read
 * @param positions how far it was read
 * @param options the endpoint's
 * @param counters what happened
 */
public record ConsumerContext(
        DynaStore store,
        TableLocation location,
        ListCall.Builder list,
        PartitionSource partitions,
        PositionStore positions,
        DynaStoreConfiguration options,
        ConsumerCounters counters) {

    private static final Logger LOG = LoggerFactory.getLogger("io.dynastore.camel.DynaStoreConsumer");

    /**
     * What is consumed now.
     *
     * @throws InvalidInputException naming the table, if the bean that names the partitions gives something else
     */
    public List<Partition> now() {
        try {
            return partitions.now();
        } catch (InvalidInputException e) {
            throw e.at("Table " + location.table());
        }
    }

    /** Whether later items of a partition wait behind one that is not done. */
    boolean inTurn() {
        return options.getResume() != ResumeMode.NONE;
    }

    /** Whether items are deleted that are done. */
    boolean deletes() {
        return options.getOnSuccess() == OnSuccess.DELETE;
    }

    /**
     * Reads a page.
     *
     * @param token where to begin; null at the start
     * @param most the most items that are of use
     */
    CompletableFuture<Outcome.Page> page(Partition partition, @Nullable String token, int most) {
        ListCall.Builder call = list.copy();
        partition.into(call);
        Integer size = options.getPageSize();
        if (size != null || most < Integer.MAX_VALUE) {
            call.limit(Math.max(1, size == null ? most : Math.min(size, most)));
        }
        return store.execute(call.nextToken(token).build()).handle((page, error) -> {
            Throwable cause = cause(error);
            if (cause instanceof InvalidTokenException unfit) {
                throw positions.unfit(partition, unfit);
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

    /** Makes an item the message of a fresh exchange, and what that exchange has seen. */
    public void fill(Exchange exchange, Item item) {
        Message message = exchange.getMessage();
        message.setBody(item.payload());
        message.setHeader(DynaStoreConstants.PARTITION_KEY, item.key().partitionKey());
        if (item.key().sortKey() != null) {
            message.setHeader(DynaStoreConstants.SORT_KEY, item.key().sortKey());
        }
        message.setHeader(DynaStoreConstants.VERSION, item.version());
        if (item.expires() != null) {
            message.setHeader(DynaStoreConstants.EXPIRES, item.expires());
        }
        message.setHeader(DynaStoreConstants.ITEM_FIELDS, item.fields());
        SeenVersions.of(exchange)
                .with(location, item.key(), item.version(), null)
                .keep(exchange);
        counters.delivered();
    }

    /**
     * Does with an item what is to be done when its exchange succeeded.
     *
     * @return whether it is done: false if it has to stay, as somebody has changed it meanwhile
     */
    CompletableFuture<Boolean> settle(Item item) {
        return switch (options.getOnSuccess()) {
            case NONE -> {
                counters.succeeded();
                yield CompletableFuture.completedFuture(true);
            }
            case DELETE -> delete(item);
        };
    }

    private CompletableFuture<Boolean> delete(Item item) {
        DeleteCall delete = Call.delete(item.key())
                .expectedVersion(item.version())
                .mustExist(false)
                .build();
        return store.execute(delete).handle((outcome, error) -> {
            Throwable cause = cause(error);
            if (cause instanceof VersionConflictException conflict) {
                LOG.debug("Kept after it was processed, as it has changed meanwhile: {}", conflict.getMessage());
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
