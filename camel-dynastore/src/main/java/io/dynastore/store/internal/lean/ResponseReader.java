/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import static io.dynastore.store.internal.lean.AttributeReader.item;
import static io.dynastore.store.internal.lean.AttributeReader.list;
import static io.dynastore.store.internal.lean.AttributeReader.map;

import io.dynastore.store.internal.item.PageItems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.Capacity;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Reads the bodies of successful responses. Thread safe.
 *
 * <p>It reads the members that this library has asked for, each at most once, and knows no other. What it does not know
 * is an error, so that the SDK reads that response.
 *
 * <p>Decisions 21 and 25 in docs/decisions have the reasons.
 */
final class ResponseReader<B extends DynamoDbResponse.Builder> {

    private static final Map<Class<? extends DynamoDbRequest>, ResponseReader<?>> READERS = Map.of(
            GetItemRequest.class, new ResponseReader<>(GetItemResponse::builder, ResponseReader::get),
            PutItemRequest.class, new ResponseReader<>(PutItemResponse::builder, ResponseReader::put),
            UpdateItemRequest.class, new ResponseReader<>(UpdateItemResponse::builder, ResponseReader::update),
            DeleteItemRequest.class, new ResponseReader<>(DeleteItemResponse::builder, ResponseReader::delete),
            QueryRequest.class, new ResponseReader<>(QueryResponse::builder, ResponseReader::query),
            ScanRequest.class, new ResponseReader<>(ScanResponse::builder, ResponseReader::scan),
            BatchGetItemRequest.class, new ResponseReader<>(BatchGetItemResponse::builder, ResponseReader::batch),
            TransactWriteItemsRequest.class,
                    new ResponseReader<>(TransactWriteItemsResponse::builder, ResponseReader::transact));

    /** Most objects have no more known members than this. An unknown one ends the reading. */
    private static final int FEW = 5;

    private final Supplier<B> response;
    private final Member<B> member;
    private final @Nullable PageItems items;

    /** Reads one member of an object into a builder, or throws if there is no such member. */
    @FunctionalInterface
    private interface Member<B> {
        void read(B builder, String name, JsonCursor json) throws IOException;
    }

    private ResponseReader(Supplier<B> response, Member<B> member) {
        this(response, member, null);
    }

    private ResponseReader(Supplier<B> response, Member<B> member, @Nullable PageItems items) {
        this.response = response;
        this.member = member;
        this.items = items;
    }

    /** A reader of one page whose items are taken by this. The response then has none. */
    ResponseReader<B> into(PageItems taker) {
        return new ResponseReader<>(response, member, taker);
    }

    /** The reader of the responses to such requests; null if only the SDK reads them. */
    static @Nullable ResponseReader<?> of(Class<? extends DynamoDbRequest> request) {
        return READERS.get(request);
    }

    /**
     * The response that a body contains.
     *
     * @param checked whether a checksum has shown that the body is as the service wrote it
     * @throws IOException if the SDK has to read it
     */
    DynamoDbResponse.Builder read(ResponseBody body, boolean checked) throws IOException {
        if (!checked) {
            body.checkText();
        }
        JsonCursor json = new JsonCursor(body);
        PageMembers<B> page = items == null ? null : new PageMembers<>(member);
        B builder = object(json, response.get(), page == null ? member : page);
        json.end();
        if (items != null && page != null && page.items != null) {
            items.take(page.items);
        }
        return builder;
    }

    /** Keeps the items of a page, and reads all other members as ever. */
    private static final class PageMembers<B> implements Member<B> {
        private final Member<B> others;
        private @Nullable List<Map<String, AttributeValue>> items;

        PageMembers(Member<B> others) {
            this.others = others;
        }

        @Override
        public void read(B builder, String name, JsonCursor json) throws IOException {
            if (name.equals("Items")) {
                items = list(json, new ItemsReader()::item);
            } else {
                others.read(builder, name, json);
            }
        }
    }

    private static <B> B object(JsonCursor json, B builder, Member<B> member) throws IOException {
        List<String> seen = new ArrayList<>(FEW);
        json.object(name -> {
            if (seen.contains(name)) {
                throw new IOException("a member that occurs twice");
            }
            seen.add(name);
            member.read(builder, name, json);
        });
        return builder;
    }

    private static IOException unknown() {
        return new IOException("a member that only the SDK reads");
    }

    private static void get(GetItemResponse.Builder response, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "Item" -> response.item(item(json));
            case "ConsumedCapacity" -> response.consumedCapacity(consumed(json));
            default -> throw unknown();
        }
    }

    private static void put(PutItemResponse.Builder response, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "Attributes" -> response.attributes(item(json));
            case "ConsumedCapacity" -> response.consumedCapacity(consumed(json));
            default -> throw unknown();
        }
    }

    private static void update(UpdateItemResponse.Builder response, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "Attributes" -> response.attributes(item(json));
            case "ConsumedCapacity" -> response.consumedCapacity(consumed(json));
            default -> throw unknown();
        }
    }

    private static void delete(DeleteItemResponse.Builder response, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "Attributes" -> response.attributes(item(json));
            case "ConsumedCapacity" -> response.consumedCapacity(consumed(json));
            default -> throw unknown();
        }
    }

    private static void query(QueryResponse.Builder response, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "Items" -> response.items(list(json, AttributeReader::item));
            case "Count" -> response.count(json.count());
            case "ScannedCount" -> response.scannedCount(json.count());
            case "LastEvaluatedKey" -> response.lastEvaluatedKey(item(json));
            case "ConsumedCapacity" -> response.consumedCapacity(consumed(json));
            default -> throw unknown();
        }
    }

    private static void scan(ScanResponse.Builder response, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "Items" -> response.items(list(json, AttributeReader::item));
            case "Count" -> response.count(json.count());
            case "ScannedCount" -> response.scannedCount(json.count());
            case "LastEvaluatedKey" -> response.lastEvaluatedKey(item(json));
            case "ConsumedCapacity" -> response.consumedCapacity(consumed(json));
            default -> throw unknown();
        }
    }

    private static void batch(BatchGetItemResponse.Builder response, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "Responses" -> response.responses(map(json, table -> list(table, AttributeReader::item)));
            // What the service has left out is rare: the SDK reads it.
            case "UnprocessedKeys" ->
                response.unprocessedKeys(map(json, left -> {
                    throw unknown();
                }));
            case "ConsumedCapacity" -> response.consumedCapacity(list(json, ResponseReader::consumed));
            default -> throw unknown();
        }
    }

    private static void transact(TransactWriteItemsResponse.Builder response, String name, JsonCursor json)
            throws IOException {
        if (!name.equals("ConsumedCapacity")) {
            throw unknown();
        }
        response.consumedCapacity(list(json, ResponseReader::consumed));
    }

    private static ConsumedCapacity consumed(JsonCursor json) throws IOException {
        return object(json, ConsumedCapacity.builder(), ResponseReader::consumed)
                .build();
    }

    private static void consumed(ConsumedCapacity.Builder consumed, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "TableName" -> consumed.tableName(json.text());
            case "CapacityUnits" -> consumed.capacityUnits(json.number());
            case "ReadCapacityUnits" -> consumed.readCapacityUnits(json.number());
            case "WriteCapacityUnits" -> consumed.writeCapacityUnits(json.number());
            case "Table" -> consumed.table(capacity(json));
            case "LocalSecondaryIndexes" -> consumed.localSecondaryIndexes(map(json, ResponseReader::capacity));
            case "GlobalSecondaryIndexes" -> consumed.globalSecondaryIndexes(map(json, ResponseReader::capacity));
            default -> throw unknown();
        }
    }

    private static Capacity capacity(JsonCursor json) throws IOException {
        return object(json, Capacity.builder(), ResponseReader::capacity).build();
    }

    private static void capacity(Capacity.Builder capacity, String name, JsonCursor json) throws IOException {
        switch (name) {
            case "CapacityUnits" -> capacity.capacityUnits(json.number());
            case "ReadCapacityUnits" -> capacity.readCapacityUnits(json.number());
            case "WriteCapacityUnits" -> capacity.writeCapacityUnits(json.number());
            default -> throw unknown();
        }
    }
}
