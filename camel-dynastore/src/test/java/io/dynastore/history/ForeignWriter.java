/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.ClientOperation.Result;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Another program on the same table: it counts versions and stores payloads as dynastorev2 does, without a condition,
 * and keeps all other attributes without knowing them. Its network has no faults. Thread safe.
 */
final class ForeignWriter {

    private static final AttributeValue ONE = AttributeValue.fromN("1");

    private final DynamoDbAsyncClient client;
    private final String table;
    private final HistoryLog log;

    ForeignWriter(DynamoDbAsyncClient client, String table, HistoryLog log) {
        this.client = client;
        this.table = table;
        this.log = log;
    }

    /** Creates or overwrites. */
    void write(String id) {
        HistoryLog.Entry entry = log.begin(Kind.FOREIGN, TableHistory.key(id, StoreClient.NAME));
        finish(
                entry,
                request(id)
                        .updateExpression("ADD version :one SET payload = :payload")
                        .expressionAttributeValues(
                                Map.of(":one", ONE, ":payload", Payloads.attribute(entry.writeId(), 0)))
                        .build());
    }

    /** Adds one to the counter of an item that is there, in one step. */
    void increment(String id) {
        HistoryLog.Entry entry =
                log.begin(Kind.FOREIGN, TableHistory.key(id, StoreClient.NAME)).adding(1);
        finish(
                entry,
                request(id)
                        .updateExpression(
                                "ADD version :one SET payload.#count = payload.#count + :one, payload.#id = :id")
                        .expressionAttributeNames(Map.of("#count", Payloads.COUNT, "#id", Payloads.WRITE_ID))
                        .expressionAttributeValues(Map.of(":one", ONE, ":id", AttributeValue.fromS(entry.writeId())))
                        .build());
    }

    private UpdateItemRequest.Builder request(String id) {
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(Map.of("id", AttributeValue.fromS(id), "name", AttributeValue.fromS(StoreClient.NAME)))
                .returnValues(ReturnValue.UPDATED_NEW);
    }

    private void finish(HistoryLog.Entry entry, UpdateItemRequest request) {
        AttributeValue version = client.updateItem(request).join().attributes().get("version");
        entry.end(new Result.Done(version == null ? null : Long.valueOf(version.n())));
    }
}
