/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/** Finds out by a request or two what an engine can do. Each table stays: the engine is one for tests. */
final class EngineQuestions {

    private static final Map<String, AttributeValue> KEY = Map.of("id", AttributeValue.fromS("a"));

    private EngineQuestions() {}

    static boolean transactWriteItems(DynamoDbExtension dynamo) {
        return known(() -> dynamo.client().transactWriteItems(request -> {}));
    }

    static boolean updateTimeToLive(DynamoDbExtension dynamo) {
        return known(() -> dynamo.client().updateTimeToLive(request -> request.tableName("no-such-table")
                .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("expires"))));
    }

    static boolean streams(DynamoDbExtension dynamo) {
        try (DynamoDbStreamsAsyncClient client = TableStream.client(dynamo)) {
            return known(client::listStreams);
        }
    }

    static boolean oldItem(DynamoDbExtension dynamo) {
        String table = table(dynamo);
        dynamo.rawPut(table, KEY);
        try {
            dynamo.client()
                    .putItem(put -> put.tableName(table)
                            .item(KEY)
                            .conditionExpression("attribute_not_exists(id)")
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                    .join();
            throw new IllegalStateException("The condition did not fail");
        } catch (CompletionException e) {
            return e.getCause() instanceof ConditionalCheckFailedException failed && failed.hasItem();
        }
    }

    static boolean filtersAreChecked(DynamoDbExtension dynamo) {
        String table = dynamo.table("question", indexed());
        return refuses(() -> dynamo.client().query(query -> query.tableName(table)
                .indexName("by-state")
                .keyConditionExpression("#state = :state")
                .filterExpression("attribute_exists(payload)")
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(Map.of(":state", AttributeValue.fromS("open")))));
    }

    static boolean numbersAsWritten(DynamoDbExtension dynamo) {
        String table = table(dynamo);
        set(dynamo, table, "number", AttributeValue.fromN("12.50")).join();
        return AttributeValue.fromN("12.50").equals(dynamo.rawGet(table, KEY).get("number"));
    }

    static boolean indexKeysOfAnyType(DynamoDbExtension dynamo) {
        String table = dynamo.table("question", indexed());
        return !refuses(() -> set(dynamo, table, "state", AttributeValue.fromN("5")));
    }

    /** By an update: of a put, DynamoDB Local always normalizes the numbers and checks the index keys. */
    private static CompletableFuture<?> set(DynamoDbExtension dynamo, String table, String name, AttributeValue value) {
        return dynamo.client().updateItem(update -> update.tableName(table)
                .key(KEY)
                .updateExpression("SET #name = :value")
                .expressionAttributeNames(Map.of("#name", name))
                .expressionAttributeValues(Map.of(":value", value)));
    }

    static boolean emptyIndexKeysAreRefused(DynamoDbExtension dynamo) {
        String table = dynamo.table("question", indexed());
        return refuses(() -> set(dynamo, table, "state", AttributeValue.fromS("")));
    }

    static boolean indexesWithSeveralKeyAttributes(DynamoDbExtension dynamo) {
        String table = dynamo.freshName("question");
        return !refuses(() -> dynamo.client().createTable(create -> create.tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(key("id", KeyType.HASH))
                .attributeDefinitions(text("id"), text("tenant"), text("region"))
                .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                        .indexName("by-tenant-and-region")
                        .keySchema(key("tenant", KeyType.HASH), key("region", KeyType.HASH))
                        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                        .build())));
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(S)
                .build();
    }

    private static String table(DynamoDbExtension dynamo) {
        return dynamo.table("question", TableSpec.partitionKey("id", S));
    }

    private static TableSpec indexed() {
        return TableSpec.partitionKey("id", S).globalIndex("by-state", "state", S, ProjectionType.KEYS_ONLY);
    }

    /** Any response but "unknown operation" says that there is one. */
    private static boolean known(Supplier<CompletableFuture<?>> request) {
        try {
            request.get().join();
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof AwsServiceException error && error.awsErrorDetails() != null) {
                return !"UnknownOperationException"
                        .equals(error.awsErrorDetails().errorCode());
            }
            throw e;
        }
    }

    private static boolean refuses(Supplier<CompletableFuture<?>> request) {
        try {
            request.get().join();
            return false;
        } catch (CompletionException e) {
            if (e.getCause() instanceof DynamoDbException) {
                return true;
            }
            throw e;
        }
    }
}
