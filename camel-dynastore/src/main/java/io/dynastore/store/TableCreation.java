/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/**
 * Creates a table with on-demand capacity and time to live, unless it exists. Thread safe.
 *
 * <p>An existing table is not changed, but must have the declared key. Several programs may create the same table at
 * the same time. Needs dynamodb:CreateTable, DescribeTable, DescribeTimeToLive and UpdateTimeToLive.
 */
public final class TableCreation {

    private final DynamoDbAsyncClient client;
    private final TableSchema schema;

    /**
     * The creation of a table.
     *
     * @param client sends the requests; the caller closes it
     */
    public TableCreation(DynamoDbAsyncClient client, TableSchema schema) {
        this.client = client;
        this.schema = schema;
    }

    /**
     * Creates the table unless it exists.
     *
     * @param timeout how long to wait until the table is active
     * @return completes when the table is active; fails with {@link DynaStoreException} if an existing table has
     *     another key, else with the SDK's error
     */
    public CompletableFuture<Void> ensure(Duration timeout) {
        return client.createTable(request())
                .thenApply(created -> true)
                .exceptionallyCompose(TableCreation::tolerated)
                .thenCompose(created -> active(timeout).thenCompose(table -> created ? expire() : matches(table)));
    }

    /** False if the table exists; fails with any other error. */
    private static CompletableFuture<Boolean> tolerated(Throwable error) {
        Throwable cause = Failures.cause(error);
        return cause instanceof ResourceInUseException exists
                // If the request was sent again, an earlier attempt of it may have created the table.
                ? CompletableFuture.completedFuture(exists.numAttempts() != null && exists.numAttempts() > 1)
                : CompletableFuture.failedFuture(cause);
    }

    private CompletableFuture<TableDescription> active(Duration timeout) {
        DynamoDbAsyncWaiter waiter = client.waiter();
        return waiter.waitUntilTableExists(
                        request -> request.tableName(schema.table()), limits -> limits.waitTimeout(timeout))
                .thenApply(
                        response -> response.matched().response().orElseThrow().table())
                .whenComplete((table, error) -> waiter.close());
    }

    private CompletableFuture<Void> expire() {
        return client.describeTimeToLive(request -> request.tableName(schema.table()))
                .thenCompose(response -> {
                    TimeToLiveStatus status = response.timeToLiveDescription().timeToLiveStatus();
                    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING
                            ? CompletableFuture.completedFuture(null)
                            : client.updateTimeToLive(request -> request.tableName(schema.table())
                                    .timeToLiveSpecification(ttl ->
                                            ttl.attributeName(schema.expires()).enabled(true)));
                })
                .thenApply(done -> null);
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
        return CreateTableRequest.builder()
                .tableName(schema.table())
                .keySchema(keySchema())
                .attributeDefinitions(definitions())
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
