/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The requests that the component sends, written by hand on the SDK: their cost is the floor. A test compares the two.
 */
final class SameRequests {

    private static final String CREATE_CONDITION = "attribute_not_exists(#partitionKey)";
    private static final Map<String, String> CREATE_NAMES = Map.of("#partitionKey", "id");
    private static final String UPDATE = "SET #payload = :payload, #version = :version, #w1=if_not_exists(#w0,:noMark),"
            + "#v1=if_not_exists(#v0,:zero),#w2=if_not_exists(#w1,:noMark),"
            + "#v2=if_not_exists(#v1,:zero), #w0=:mark,#v0=:version,"
            + " #creator=if_not_exists(#creator,:mark)";
    private static final String UPDATE_CONDITION =
            "#version = :expected AND NOT #expires < :now AND attribute_not_exists(#lock)";
    private static final Map<String, String> UPDATE_NAMES = Map.ofEntries(
            Map.entry("#payload", "payload"),
            Map.entry("#version", "version"),
            Map.entry("#expires", "expires"),
            Map.entry("#lock", "_dslock"),
            Map.entry("#creator", "_dsc"),
            Map.entry("#w0", "_dsw0"),
            Map.entry("#v0", "_dsv0"),
            Map.entry("#w1", "_dsw1"),
            Map.entry("#v1", "_dsv1"),
            Map.entry("#w2", "_dsw2"),
            Map.entry("#v2", "_dsv2"));
    private static final String PAGE = "#partitionKey = :partition";
    private static final String PAGE_FILTER = "NOT #expires < :now";
    private static final Map<String, String> PAGE_NAMES = Map.of("#partitionKey", "id", "#expires", "expires");
    private static final AttributeValue ZERO = AttributeValue.fromN("0");
    private static final AttributeValue NO_WRITE_ID = AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0}));

    private SameRequests() {}

    static CompletableFuture<?> send(DynamoDbAsyncClient client, BenchmarkOperation operation, int item) {
        return switch (operation) {
            case CREATE -> client.putItem(create(item));
            case UPDATE -> client.updateItem(update(item));
            case GET -> client.getItem(get(item));
            case PAGE -> client.query(page());
        };
    }

    private static PutItemRequest create(int item) {
        AttributeValue writeId = writeId();
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put("id", AttributeValue.fromS("customer"));
        attributes.put("name", AttributeValue.fromS(StubResponses.sortKey(item)));
        attributes.put("version", AttributeValue.fromN("1"));
        attributes.put("payload", AttributeValue.fromS(StubResponses.PAYLOAD));
        attributes.put("_dsw0", writeId);
        attributes.put("_dsv0", AttributeValue.fromN("1"));
        attributes.put("_dsc", writeId);
        return PutItemRequest.builder()
                .tableName(StubResponses.WITH_WRITE_IDS)
                .item(attributes)
                .conditionExpression(CREATE_CONDITION)
                .expressionAttributeNames(CREATE_NAMES)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private static UpdateItemRequest update(int item) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":payload", AttributeValue.fromS(StubResponses.PAYLOAD));
        values.put(":zero", ZERO);
        values.put(":mark", writeId());
        values.put(":noMark", NO_WRITE_ID);
        values.put(":version", AttributeValue.fromN("8"));
        values.put(":expected", AttributeValue.fromN("7"));
        values.put(":now", now());
        return UpdateItemRequest.builder()
                .tableName(StubResponses.WITH_WRITE_IDS)
                .key(Requests.key(item))
                .updateExpression(UPDATE)
                .conditionExpression(UPDATE_CONDITION)
                .expressionAttributeNames(UPDATE_NAMES)
                .expressionAttributeValues(values)
                .returnValues(ReturnValue.NONE)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private static GetItemRequest get(int item) {
        return GetItemRequest.builder()
                .tableName(StubResponses.WITH_WRITE_IDS)
                .key(Requests.key(item))
                .consistentRead(false)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private static QueryRequest page() {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":partition", AttributeValue.fromS("customer"));
        values.put(":now", now());
        return QueryRequest.builder()
                .tableName(StubResponses.WITH_WRITE_IDS)
                .keyConditionExpression(PAGE)
                .filterExpression(PAGE_FILTER)
                .expressionAttributeNames(PAGE_NAMES)
                .expressionAttributeValues(values)
                .scanIndexForward(true)
                .consistentRead(false)
                .limit(StubResponses.PAGE)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                .build();
    }

    private static AttributeValue now() {
        return AttributeValue.fromN(Long.toString(Instant.now().getEpochSecond()));
    }

    private static AttributeValue writeId() {
        byte[] id = new byte[8];
        ThreadLocalRandom.current().nextBytes(id);
        return AttributeValue.fromB(SdkBytes.fromByteArray(id));
    }
}
