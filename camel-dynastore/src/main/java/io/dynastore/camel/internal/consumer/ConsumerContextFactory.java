/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.OnSuccess;
import io.dynastore.camel.ResumeMode;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.message.CallReader;
import io.dynastore.store.DynaStore;
import io.dynastore.store.IndexSchema;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.ListCall;
import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Checks what the options say of consuming, when a consumer starts, and gives it what it works with. */
public final class ConsumerContextFactory {

    private final DynaStoreConfiguration options;
    private final DynaStore store;
    private final CallReader calls;
    private final TableLocation location;
    private final DynamoDbAsyncClient client;

    public ConsumerContextFactory(
            DynaStoreConfiguration options,
            DynaStore store,
            CallReader calls,
            TableLocation location,
            DynamoDbAsyncClient client) {
        this.options = options;
        this.store = store;
        this.calls = calls;
        this.location = location;
        this.client = client;
    }

    /**
     * What a consumer works with.
     *
     * @param routeId names its positions where no resumeId is set; null if it has no route
     * @throws InvalidInputException naming the table, the option and the remedy
     */
    public ConsumerContext consumption(@Nullable String routeId, ConsumerCounters counters) throws Exception {
        try {
            refuse();
            ListCall.Builder list = calls.consumed();
            IndexSchema index = IndexSchema.of(store.schema(), list.build().options());
            IndexDescription facts =
                    index == null ? IndexDescription.NONE : IndexDescription.of(client, store.schema(), index.name());
            refuse(index, facts);
            boolean ordered = options.getPartitionKeys() != null && options.getResume() != ResumeMode.NONE;
            list.consistentRead(options.isConsistentRead() || (ordered && facts.consistent()));
            KeyAttribute attribute = index == null ? store.schema().partitionKey() : index.partitionKey();
            return new ConsumerContext(
                    store,
                    location,
                    list,
                    PartitionSource.of(options, calls.keys(), attribute),
                    positions(routeId),
                    options,
                    counters);
        } catch (InvalidInputException e) {
            throw e.at("Table " + store.schema().table());
        }
    }

    /** Options of the producer that a consumer would not heed. */
    private void refuse() {
        refuse(options.getLimit() != null, "limit", "set pageSize, or maxMessagesPerPoll");
        refuse(options.getNextToken() != null, "nextToken", "set resume");
        refuse(options.isStream(), "stream", "a consumer always reads page by page, leave it out");
        refuse(options.getOperation() != null, "operation", "leave it out");
        refuse(options.getPartitionKey() != null, "partitionKey", "set partitionKeys");
        refuse(options.getSortKey() != null, "sortKey", "set sortKeyFrom and sortKeyTo");
        refuse(options.getPageSize() != null && options.getPageSize() < 1, "pageSize", "set it to 1 or more");
        refuse(options.getConcurrentPartitions() < 1, "concurrentPartitions", "set it to 1 or more");
        if (options.getPartitionKeys() == null) {
            refuseForWholeTable();
        }
    }

    /** What a segment of the whole can't be read by. */
    private void refuseForWholeTable() {
        String remedy = "a whole table has no order, name partitionKeys";
        refuse(options.getResume() != ResumeMode.NONE, "resume", remedy);
        refuse(options.isReverse(), "reverse", remedy);
        refuse(options.getSortKeyPrefix() != null, "sortKeyPrefix", remedy);
        refuse(options.getSortKeyFrom() != null, "sortKeyFrom", remedy);
        refuse(options.getSortKeyTo() != null, "sortKeyTo", remedy);
    }

    private static void refuse(boolean wrong, String option, String remedy) {
        if (wrong) {
            throw new InvalidInputException(
                    "The option " + option + " can't be used by a consumer in this way: " + remedy + ".");
        }
    }

    private void refuse(@Nullable IndexSchema index, IndexDescription facts) {
        if (index == null) {
            return;
        }
        if (options.getResume() != ResumeMode.NONE && index.sortKey() == null) {
            throw new InvalidInputException(
                    "Resuming in the index " + index.name() + " needs its sort key: name it by indexSortKeyName.");
        }
        if (options.getOnSuccess() == OnSuccess.DELETE
                && !options.isFetch()
                && !facts.projects(store.schema().version())) {
            throw new InvalidInputException("The index " + index.name() + " does not project '"
                    + store.schema().version()
                    + "', so that onSuccess=delete could not tell whether an item has changed: set fetch=true.");
        }
    }

    private PositionStore positions(@Nullable String routeId) throws Exception {
        return switch (options.getResume()) {
            case NONE -> InMemoryPositionStore.ofEachPass();
            case MEMORY -> InMemoryPositionStore.ofAllPasses();
            case TABLE -> new TablePositionStore(state(), resumeId(routeId));
        };
    }

    private String resumeId(@Nullable String routeId) {
        String id = options.getResumeId() == null ? routeId : options.getResumeId();
        if (id == null || id.isBlank()) {
            throw new InvalidInputException("The option resume=table needs a name for its positions: set resumeId.");
        }
        return id;
    }

    private DynaStore state() throws Exception {
        TableSchema schema = store.schema();
        if (options.getStateTable() == null) {
            if (!text(schema.partitionKey()) || (schema.sortKey() != null && !text(schema.sortKey()))) {
                throw new InvalidInputException(
                        "The option resume=table keeps positions under text keys, which this table does not have: set stateTable.");
            }
            return DynaStore.builder(client, schema).build();
        }
        TableSchema own = TableSchema.named(options.getStateTable());
        if (options.isAutoCreateTable()) {
            waitFor(new TableCreation(client, own).ensure(Duration.ofMillis(options.getAutoCreateTimeout())));
        }
        return DynaStore.builder(client, own).build();
    }

    private static boolean text(KeyAttribute attribute) {
        return attribute.type() == KeyType.STRING;
    }

    /** Camel starts consumers one after the other, on a thread that may wait. */
    static <T> T waitFor(CompletableFuture<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
