/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Creates the index of a work queue, with its table or on an existing one. Thread safe.
 *
 * @param client sends the requests
 * @param schema the layout of the table
 * @param index the index
 */
record ClaimIndexCreation(DynamoDbAsyncClient client, TableSchema schema, ClaimIndex index) {

    private static final Logger LOG = LoggerFactory.getLogger(TableCreation.class);
    private static final long PAUSE_MILLIS = 1_000;
    private static final String INVALID = "ValidationException";

    private static final List<KeySchemaElement> KEYS = List.of(
            KeySchemaElement.builder()
                    .attributeName(QueueAttributes.SHARD)
                    .keyType(KeyType.HASH)
                    .build(),
            KeySchemaElement.builder()
                    .attributeName(QueueAttributes.FROM)
                    .keyType(KeyType.RANGE)
                    .build());

    /** The attributes of its key. */
    static final Set<AttributeDefinition> DEFINITIONS = Set.of(
            AttributeDefinition.builder()
                    .attributeName(QueueAttributes.SHARD)
                    .attributeType(ScalarAttributeType.S)
                    .build(),
            AttributeDefinition.builder()
                    .attributeName(QueueAttributes.FROM)
                    .attributeType(ScalarAttributeType.N)
                    .build());

    /** The index of a new table. */
    GlobalSecondaryIndex definition() {
        return GlobalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(KEYS)
                .projection(projection())
                .build();
    }

    private Projection projection() {
        return Projection.builder()
                .projectionType(ProjectionType.INCLUDE)
                .nonKeyAttributes(index.projected(schema))
                .build();
    }

    /** Creates the index if an existing table has none, and waits until it is active. */
    CompletableFuture<Void> ensure(TableDescription table, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        return found(table).map(description -> active(description, end)).orElseGet(() -> create(table)
                .thenCompose(done -> again(end)));
    }

    private Optional<GlobalSecondaryIndexDescription> found(TableDescription table) {
        return table.globalSecondaryIndexes().stream()
                .filter(each -> each.indexName().equals(index.name()))
                .findFirst();
    }

    private CompletableFuture<Void> active(GlobalSecondaryIndexDescription description, long end) {
        // An engine may name no status. Then the index can be used.
        return description.indexStatus() == IndexStatus.CREATING && System.nanoTime() - end < 0
                ? CompletableFuture.<Void>supplyAsync(
                                () -> null, CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS))
                        .thenCompose(paused -> again(end))
                : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> again(long end) {
        return client.describeTable(request -> request.tableName(schema.table()))
                .thenApply(DescribeTableResponse::table)
                .thenCompose(table -> found(table)
                        .map(description -> active(description, end))
                        .orElseGet(() -> CompletableFuture.failedFuture(new DynaStoreException("Table "
                                + schema.table() + ": the index " + index.name()
                                + " was not created. Another index may be under construction: start again later."))));
    }

    /** If another program is faster, the service refuses, and the description shows the index. */
    private CompletableFuture<Void> create(TableDescription table) {
        return client.updateTable(request -> request.tableName(schema.table())
                        .attributeDefinitions(DEFINITIONS)
                        .globalSecondaryIndexUpdates(GlobalSecondaryIndexUpdate.builder()
                                .create(CreateGlobalSecondaryIndexAction.builder()
                                        .indexName(index.name())
                                        .keySchema(KEYS)
                                        .projection(projection())
                                        .provisionedThroughput(throughput(table))
                                        .build())
                                .build()))
                .thenAccept(response -> LOG.info("Table {}: the index {} is created", schema.table(), index.name()))
                .exceptionallyCompose(error -> mayExist(Failures.cause(error))
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(refused(Failures.cause(error))));
    }

    /** The capacity of a table that has no on-demand capacity: its index needs one as well. */
    private static @Nullable ProvisionedThroughput throughput(TableDescription table) {
        ProvisionedThroughputDescription found = table.provisionedThroughput();
        return found == null || found.readCapacityUnits() == null || found.readCapacityUnits() <= 0
                ? null
                : ProvisionedThroughput.builder()
                        .readCapacityUnits(found.readCapacityUnits())
                        .writeCapacityUnits(found.writeCapacityUnits())
                        .build();
    }

    private static boolean mayExist(Throwable error) {
        return error instanceof ResourceInUseException
                || error instanceof LimitExceededException
                || (isInvalid(error) && String.valueOf(error.getMessage()).contains("already exists"));
    }

    private static boolean isInvalid(Throwable error) {
        return error instanceof DynamoDbException refused
                && refused.awsErrorDetails() != null
                && INVALID.equals(refused.awsErrorDetails().errorCode());
    }

    private Throwable refused(Throwable error) {
        return isInvalid(error)
                ? new DynaStoreException(
                        "Table " + schema.table() + ": the index " + index.name()
                                + " was not created, since the service refuses it. Create it by hand, or correct the"
                                + " table.",
                        error)
                : error;
    }
}
