/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/**
 * Creates a table with on-demand capacity and time to live, unless it exists. Thread safe.
 *
 * <p>An existing table must have the declared key. Its time to live is switched on if it is off, since an earlier
 * creation may have broken off in between. If a work queue needs an index that the table lacks, it is created. Nothing
 * else of the table is changed. Several programs may create the same table at the same time.
 *
 * <p>Needs dynamodb:DescribeTable and DescribeTimeToLive. Needs CreateTable only if there is no table, UpdateTimeToLive
 * only if the time to live is off, and UpdateTable only if an index is missing.
 */
public final class TableCreation {

    private static final Logger LOG = LoggerFactory.getLogger(TableCreation.class);

    private final DynamoDbAsyncClient client;
    private final TableSchema schema;
    private final @Nullable ClaimIndexCreation index;

    /**
     * The creation of a table.
     *
     * @param client sends the requests; the caller closes it
     */
    public TableCreation(DynamoDbAsyncClient client, TableSchema schema) {
        this(client, schema, null);
    }

    /**
     * The creation of a table with the index of a work queue.
     *
     * @param client sends the requests; the caller closes it
     * @param index the index; null: the table needs none
     */
    public TableCreation(DynamoDbAsyncClient client, TableSchema schema, @Nullable ClaimIndex index) {
        this.client = client;
        this.schema = schema;
        this.index = index == null ? null : new ClaimIndexCreation(client, schema, index);
    }

    /**
     * Creates the table unless it exists, and switches its time to live on.
     *
     * @param timeout how long to wait until all is done
     * @return completes when the table is active; fails with {@link DynaStoreException} if an existing table has
     *     another key or the service refuses the index, else with the SDK's error
     */
    public CompletableFuture<Void> ensure(Duration timeout) {
        return client.describeTable(request -> request.tableName(schema.table()))
                .thenApply(DescribeTableResponse::table)
                .exceptionallyCompose(error -> missing(Failures.cause(error)))
                .thenCompose(table -> table != null && table.tableStatus() == TableStatus.ACTIVE
                        ? CompletableFuture.completedFuture(table)
                        : active(timeout))
                .thenCompose(table -> matches(table)
                        .thenCompose(matching -> index == null
                                ? CompletableFuture.<Void>completedFuture(null)
                                : index.ensure(table, timeout)))
                .thenCompose(matching -> new TimeToLive(client, schema).ensure())
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(late(Failures.cause(error), timeout)));
    }

    private Throwable late(Throwable error, Duration timeout) {
        return error instanceof TimeoutException
                ? new DynaStoreException(
                        "Table " + schema.table() + " is not active after " + timeout
                                + ". Check the endpoint and the network, or wait longer (autoCreateTimeout).",
                        error)
                : error;
    }

    /** Creates the table if there is none. Completes with null; fails with any other error. */
    private CompletableFuture<@Nullable TableDescription> missing(Throwable error) {
        return error instanceof ResourceNotFoundException
                ? client.createTable(request())
                        .thenApply(TableCreation::created)
                        .exceptionallyCompose(other -> createdByAnother(Failures.cause(other)))
                : CompletableFuture.failedFuture(error);
    }

    private static @Nullable TableDescription created(CreateTableResponse response) {
        LOG.info("Table {} is created", response.tableDescription().tableName());
        return null;
    }

    private static CompletableFuture<@Nullable TableDescription> createdByAnother(Throwable error) {
        return error instanceof ResourceInUseException
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(error);
    }

    private CompletableFuture<TableDescription> active(Duration timeout) {
        DynamoDbAsyncWaiter waiter = client.waiter();
        return waiter.waitUntilTableExists(
                        request -> request.tableName(schema.table()), limits -> limits.waitTimeout(timeout))
                .thenApply(
                        response -> response.matched().response().orElseThrow().table())
                .whenComplete((table, error) -> waiter.close());
    }

    private CompletableFuture<Void> matches(TableDescription table) {
        return new HashSet<>(table.keySchema()).equals(new HashSet<>(keySchema()))
                        && new HashSet<>(table.attributeDefinitions()).containsAll(definitions())
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(
                        new DynaStoreException("Table " + schema.table() + " exists with another key than " + key()
                                + ". Correct partitionKeyName, partitionKeyType, sortKeyName and sortKeyType,"
                                + " or use another table."));
    }

    private CreateTableRequest request() {
        Set<AttributeDefinition> attributes = new HashSet<>(definitions());
        if (index != null) {
            attributes.addAll(ClaimIndexCreation.DEFINITIONS);
        }
        return CreateTableRequest.builder()
                .tableName(schema.table())
                .keySchema(keySchema())
                .attributeDefinitions(attributes)
                .globalSecondaryIndexes(index == null ? null : List.of(index.definition()))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .build();
    }

    private List<KeySchemaElement> keySchema() {
        List<KeySchemaElement> elements = new ArrayList<>();
        elements.add(KeySchemaElement.builder()
                .attributeName(schema.partitionKey().name())
                .keyType("HASH")
                .build());
        KeyAttribute sortKey = schema.sortKey();
        if (sortKey != null) {
            elements.add(KeySchemaElement.builder()
                    .attributeName(sortKey.name())
                    .keyType("RANGE")
                    .build());
        }
        return elements;
    }

    private Set<AttributeDefinition> definitions() {
        Set<AttributeDefinition> definitions = new HashSet<>();
        key().forEach(attribute -> definitions.add(AttributeDefinition.builder()
                .attributeName(attribute.name())
                .attributeType(scalar(attribute.type()))
                .build()));
        return definitions;
    }

    private List<KeyAttribute> key() {
        return Stream.of(schema.partitionKey(), schema.sortKey())
                .filter(attribute -> attribute != null)
                .toList();
    }

    private static ScalarAttributeType scalar(KeyType type) {
        return switch (type) {
            case STRING -> ScalarAttributeType.S;
            case NUMBER -> ScalarAttributeType.N;
            case BINARY -> ScalarAttributeType.B;
        };
    }
}
