/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import io.dynastore.store.ClaimIndex;
import io.dynastore.store.Failures;
import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * What the first endpoint of a table does for all of them: it creates the table if it is missing, and logs it. Forgets
 * a table with its last endpoint. Thread safe.
 */
public final class StartedTables {

    private final Map<TableLocation, Table> tables = new ConcurrentHashMap<>();
    private final Map<TableLocation, TableReplication> replications = new ConcurrentHashMap<>();

    /**
     * One table.
     *
     * @param clients those that endpoints have used
     * @param created the creations, by what they ensure
     */
    private record Table(Set<DynamoDbAsyncClient> clients, Map<Layout, CompletableFuture<Void>> created) {

        Table() {
            this(
                    Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>())),
                    new ConcurrentHashMap<>());
        }
    }

    /** What a creation ensures: a table, and the index of its work queues if there is one. */
    private record Layout(TableSchema schema, @Nullable ClaimIndex index) {}

    /** Whether no endpoint of the table has used this client before. */
    public boolean isFirst(TableLocation location, DynamoDbAsyncClient client) {
        return table(location).clients().add(client);
    }

    /**
     * Creates the table if it is missing, once for all endpoints, and waits for it. A failed creation is tried again
     * by the next endpoint.
     *
     * @param index the index of its work queues; null if there is none
     * @param timeout how long to wait
     * @throws ExecutionException with the error as its cause
     */
    public void create(
            TableLocation location,
            DynamoDbAsyncClient client,
            TableSchema schema,
            @Nullable ClaimIndex index,
            Duration timeout)
            throws ExecutionException, InterruptedException {
        Layout layout = new Layout(schema, index);
        Map<Layout, CompletableFuture<Void>> created = table(location).created();
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = created.putIfAbsent(layout, mine);
        CompletableFuture<Void> used = other == null ? mine : other;
        if (other == null) {
            var unused = ensure(client, layout, timeout).whenComplete((done, error) -> {
                if (error == null) {
                    mine.complete(null);
                } else {
                    created.remove(layout, mine);
                    forgetUnused(location);
                    mine.completeExceptionally(Failures.cause(error));
                }
            });
        }
        used.get();
    }

    private static CompletableFuture<Void> ensure(DynamoDbAsyncClient client, Layout layout, Duration timeout) {
        try {
            return new TableCreation(client, layout.schema(), layout.index()).ensure(timeout);
        } catch (RuntimeException | Error e) {
            // A closed client throws. Whatever it is, other endpoints wait for the end.
            return CompletableFuture.failedFuture(e);
        }
    }

    private void forgetUnused(TableLocation location) {
        tables.computeIfPresent(
                location,
                (where, table) -> table.clients().isEmpty() && table.created().isEmpty() ? null : table);
    }

    private Table table(TableLocation location) {
        return tables.computeIfAbsent(location, first -> new Table());
    }

    /** Whether the table is replicated. Endpoints that have stopped may still use it. */
    public TableReplication replication(TableLocation location) {
        return replications.computeIfAbsent(location, TableReplication::new);
    }

    /** The last endpoint of the table has stopped. */
    public void forget(TableLocation location) {
        tables.remove(location);
        replications.remove(location);
    }
}
