/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.client.TableReplication;
import io.dynastore.camel.internal.message.CallReader;
import io.dynastore.store.DynaStore;
import io.dynastore.store.IndexSchema;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.KeyAttribute;
import io.dynastore.store.KeyType;
import io.dynastore.store.ListCall;
import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Makes the context of a consumer when the consumer starts. The options of the endpoint come no further: behind this
 * border the consumer knows {@link ConsumerOptions} alone.
 */
public final class ConsumerContextFactory {

    private final DynaStore store;
    private final CallReader calls;
    private final TableLocation location;
    private final DynamoDbAsyncClient client;
    private final ClaimsFactory claims;
    private final Supplier<CompletableFuture<Void>> replication;

    /**
     * Makes contexts of one endpoint.
     *
     * @param claims makes the claims of consumers that claim
     * @param replication fails if the table is replicated so that its items and partitions can't be shared
     */
    public ConsumerContextFactory(
            DynaStore store,
            CallReader calls,
            TableLocation location,
            DynamoDbAsyncClient client,
            ClaimsFactory claims,
            Supplier<CompletableFuture<Void>> replication) {
        this.store = store;
        this.calls = calls;
        this.location = location;
        this.client = client;
        this.claims = claims;
        this.replication = replication;
    }

    /**
     * Makes the session of a consumer.
     *
     * @throws InvalidInputException naming the table, the option and the remedy
     */
    public PollSession session(
            DynaStoreConfiguration configuration,
            ConsumerContext context,
            ScheduledPollConsumer consumer,
            ConsumerSession.ConsumerState state,
            TableErrorLog tableErrors)
            throws Exception {
        ClaimOptions options = ClaimOptions.of(configuration, store.schema());
        PollSession session = options == null
                ? new ConsumerSession(context, consumer, state, tableErrors)
                : claims.session(options, calls, context, consumer, state, tableErrors);
        GroupPartitions group = context.group();
        return group == null
                ? session
                : GroupSession.begin(
                        context,
                        group,
                        session,
                        new PromptPoll(consumer, group.member().settings().interval()));
    }

    /**
     * Makes the poller of an endpoint.
     *
     * @throws InvalidInputException naming the table, the option and the remedy
     */
    public ItemPoller poller(DynaStoreConfiguration configuration, ConsumerContext context) throws Exception {
        ClaimOptions options = ClaimOptions.of(configuration, store.schema());
        return options == null ? new SingleItemPoller(context) : claims.poller(options, calls, context);
    }

    /**
     * Makes the context of a consumer.
     *
     * @param routeId the name of its positions if no resumeId is set; null if the consumer has no route
     * @throws InvalidInputException naming the table, the option and the remedy
     */
    public ConsumerContext create(
            DynaStoreConfiguration configuration, @Nullable String routeId, ConsumerCounters counters)
            throws Exception {
        try {
            ClaimOptions claimed = ClaimOptions.of(configuration, store.schema());
            GroupOptions group = GroupOptions.of(configuration);
            List<Supplier<CompletableFuture<Void>>> checks = new ArrayList<>();
            if (claimed != null || group != null) {
                checks.add(replication);
            }
            if (group != null && configuration.getStateTable() != null && !configuration.isAllowReplicated()) {
                TableReplication leases = new TableReplication(TableLocation.of(configuration.getStateTable(), client));
                checks.add(() -> leases.check(client));
            }
            for (Supplier<CompletableFuture<Void>> check : checks) {
                waitFor(check.get());
            }
            return create(ConsumerOptions.of(configuration, routeId), group, counters, checks);
        } catch (InvalidInputException e) {
            throw e.at("Table " + store.schema().table());
        }
    }

    private ConsumerContext create(
            ConsumerOptions options,
            @Nullable GroupOptions grouped,
            ConsumerCounters counters,
            List<Supplier<CompletableFuture<Void>>> checks)
            throws Exception {
        ListCall.Builder list = calls.consumed().keepUnreadable(true);
        IndexSchema index = IndexSchema.of(store.schema(), list.build().options());
        IndexDescription description =
                index == null ? IndexDescription.NONE : IndexDescription.of(client, store.schema(), index.name());
        if (index != null) {
            check(options, index, description);
        }
        list.consistentRead(options.consistentRead() || (options.ordered() && description.consistent()));
        List<KeyAttribute> attributes = index == null ? List.of(store.schema().partitionKey()) : index.partitionKeys();
        CancellableReads reads = new CancellableReads(client);
        PartitionSource source =
                PartitionSource.of(options, calls.keys(), attributes).onlyIf(checks);
        GroupPartitions group = grouped == null ? null : group(options, grouped, source);
        return new ConsumerContext(
                reads,
                store.over(reads),
                location,
                list,
                source,
                group != null && options.ordered() ? new GroupPositions(group) : positions(options, reads),
                options,
                counters,
                group);
    }

    private GroupPartitions group(ConsumerOptions options, GroupOptions grouped, PartitionSource source)
            throws Exception {
        TableSchema schema = options.stateTable() == null ? own() : TableSchema.named(options.stateTable());
        if (!isText(schema.partitionKey()) || schema.sortKey() == null || !isText(schema.sortKey())) {
            throw new InvalidInputException(
                    "The option group keeps leases under a partition key and a sort key that are"
                            + " text, which this table does not have: set stateTable.");
        }
        PositionStore single =
                options.ordered() ? new TablePositionStore(stateStore(options, client), grouped.group()) : null;
        if (single == null && options.stateTableTimeout() != null && options.stateTable() != null) {
            waitFor(new TableCreation(client, schema).ensure(options.stateTableTimeout()));
        }
        return new GroupPartitions(client, schema, grouped.settings(claims.member()), source, single);
    }

    private void check(ConsumerOptions options, IndexSchema index, IndexDescription description) {
        String own = description.unlike(index);
        if (own != null) {
            throw new InvalidInputException(
                    "The index " + index.name() + " has other key attributes than the options name. " + own);
        }
        if (options.ordered() && index.sortKeys().isEmpty()) {
            throw new InvalidInputException(
                    "Resuming in the index " + index.name() + " needs its sort key: name it by indexSortKeyName.");
        }
        String version = store.schema().version();
        if (options.deletes() && !options.fetch() && !description.projects(version)) {
            throw new InvalidInputException("The index " + index.name() + " does not project '" + version
                    + "', so that onSuccess=delete could not detect whether an item has changed: set fetch=true.");
        }
    }

    private PositionStore positions(ConsumerOptions options, DynamoDbAsyncClient sender) throws Exception {
        return switch (options.resume()) {
            case NONE -> InMemoryPositionStore.ofOneCycle();
            case MEMORY -> InMemoryPositionStore.ofAllCycles();
            case TABLE ->
                new TablePositionStore(stateStore(options, sender), Objects.requireNonNull(options.resumeId()));
        };
    }

    /** The layout of what the component keeps for itself in the consumer's table. */
    private TableSchema own() {
        return store.schema().withFlatItems(false);
    }

    private DynaStore stateStore(ConsumerOptions options, DynamoDbAsyncClient sender) throws Exception {
        TableSchema schema = own();
        if (options.stateTable() == null) {
            if (!isText(schema.partitionKey()) || (schema.sortKey() != null && !isText(schema.sortKey()))) {
                throw new InvalidInputException(
                        "The option resume=table keeps positions under text keys, which this table does not have:"
                                + " set stateTable.");
            }
            return DynaStore.builder(sender, schema).build();
        }
        TableSchema state = TableSchema.named(options.stateTable());
        if (options.stateTableTimeout() != null) {
            waitFor(new TableCreation(client, state).ensure(options.stateTableTimeout()));
        }
        return DynaStore.builder(sender, state).build();
    }

    private static boolean isText(KeyAttribute attribute) {
        return attribute.type() == KeyType.STRING;
    }

    /** Waits on a thread that may wait: that of a starting consumer or of a caller of pollEnrich. */
    static <T> T waitFor(CompletableFuture<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
