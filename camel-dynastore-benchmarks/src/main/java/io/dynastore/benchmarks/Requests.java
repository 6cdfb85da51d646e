/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The operations as requests that an application would write with the SDK alone: with versions, and nothing else. */
final class Requests {

    private Requests() {}

    static CompletableFuture<?> send(DynamoDbAsyncClient client, BenchmarkOperation operation, int item) {
        return switch (operation) {
            case CREATE -> client.putItem(create(item));
            case UPDATE -> client.updateItem(update(item));
            case GET -> client.getItem(get(item));
            case PAGE -> client.query(page());
        };
    }

    static Map<String, AttributeValue> key(int item) {
        return Map.of(
                "id", AttributeValue.fromS("customer"), "name", AttributeValue.fromS(StubResponses.sortKey(item)));
    }

    static PutItemRequest create(int item) {
        return PutItemRequest.builder()
                .tableName(StubResponses.PLAIN)
                .item(Map.of(
                        "id", AttributeValue.fromS("customer"),
                        "name", AttributeValue.fromS(StubResponses.sortKey(item)),
                        "version", AttributeValue.fromN("1"),
                        "payload", AttributeValue.fromS(StubResponses.PAYLOAD)))
                .conditionExpression("attribute_not_exists(#id)")
                .expressionAttributeNames(Map.of("#id", "id"))
                .build();
    }

    static UpdateItemRequest update(int item) {
        return UpdateItemRequest.builder()
                .tableName(StubResponses.PLAIN)
                .key(key(item))
                .updateExpression("SET #payload = :payload, #version = :next")
                .conditionExpression("#version = :expected")
                .expressionAttributeNames(Map.of("#payload", "payload", "#version", "version"))
                .expressionAttributeValues(Map.of(
                        ":payload", AttributeValue.fromS(StubResponses.PAYLOAD),
                        ":next", AttributeValue.fromN("8"),
                        ":expected", AttributeValue.fromN("7")))
                .build();
    }

    static GetItemRequest get(int item) {
        return GetItemRequest.builder()
                .tableName(StubResponses.PLAIN)
                .key(key(item))
                .build();
    }

    static QueryRequest page() {
        return QueryRequest.builder()
                .tableName(StubResponses.PLAIN)
                .keyConditionExpression("#id = :id")
                .expressionAttributeNames(Map.of("#id", "id"))
                .expressionAttributeValues(Map.of(":id", AttributeValue.fromS("customer")))
                .limit(StubResponses.PAGE)
                .build();
    }
}
