/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import io.dynastore.store.internal.item.HistoryAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Random requests, and bodies of responses to them. */
final class WireExamples {

    private static final int LEVELS = 4;

    private final Random random;
    private boolean withHistory = true;

    WireExamples(Random random) {
        this.random = random;
    }

    // -- requests

    DynamoDbRequest request() {
        return switch (random.nextInt(8)) {
            case 0 ->
                GetItemRequest.builder()
                        .tableName(text())
                        .key(item(0))
                        .consistentRead(maybe(random::nextBoolean))
                        .projectionExpression(maybe(this::text))
                        .expressionAttributeNames(maybe(this::names))
                        .returnConsumedCapacity(maybe(this::capacity))
                        .build();
            case 1 ->
                PutItemRequest.builder()
                        .tableName(text())
                        .item(item(0))
                        .conditionExpression(maybe(this::text))
                        .expressionAttributeNames(maybe(this::names))
                        .expressionAttributeValues(maybe(() -> item(0)))
                        .returnValues(maybe(() -> ReturnValue.ALL_OLD))
                        .returnValuesOnConditionCheckFailure(maybe(this::oldItem))
                        .returnConsumedCapacity(maybe(this::capacity))
                        .build();
            case 2 ->
                UpdateItemRequest.builder()
                        .tableName(text())
                        .key(item(0))
                        .updateExpression(maybe(this::text))
                        .conditionExpression(maybe(this::text))
                        .expressionAttributeNames(maybe(this::names))
                        .expressionAttributeValues(maybe(() -> item(0)))
                        .returnValues(maybe(() -> ReturnValue.UPDATED_NEW))
                        .returnValuesOnConditionCheckFailure(maybe(this::oldItem))
                        .returnConsumedCapacity(maybe(this::capacity))
                        .build();
            case 3 ->
                DeleteItemRequest.builder()
                        .tableName(text())
                        .key(item(0))
                        .conditionExpression(maybe(this::text))
                        .expressionAttributeNames(maybe(this::names))
                        .expressionAttributeValues(maybe(() -> item(0)))
                        .returnValues(maybe(() -> ReturnValue.ALL_OLD))
                        .build();
            case 4 ->
                QueryRequest.builder()
                        .tableName(text())
                        .indexName(maybe(this::text))
                        .keyConditionExpression(text())
                        .filterExpression(maybe(this::text))
                        .expressionAttributeNames(maybe(this::names))
                        .expressionAttributeValues(maybe(() -> item(0)))
                        .scanIndexForward(maybe(random::nextBoolean))
                        .limit(maybe(random::nextInt))
                        .exclusiveStartKey(maybe(() -> item(1)))
                        .returnConsumedCapacity(maybe(this::capacity))
                        .build();
            case 5 ->
                ScanRequest.builder()
                        .tableName(text())
                        .filterExpression(maybe(this::text))
                        .segment(maybe(random::nextInt))
                        .totalSegments(maybe(random::nextInt))
                        .exclusiveStartKey(maybe(() -> item(1)))
                        .build();
            case 6 ->
                BatchGetItemRequest.builder()
                        .requestItems(map(() -> KeysAndAttributes.builder()
                                .keys(list(() -> item(1)))
                                .consistentRead(maybe(random::nextBoolean))
                                .expressionAttributeNames(maybe(this::names))
                                .build()))
                        .returnConsumedCapacity(maybe(this::capacity))
                        .build();
            default ->
                TransactWriteItemsRequest.builder()
                        .transactItems(list(this::write))
                        .clientRequestToken(text())
                        .returnConsumedCapacity(maybe(this::capacity))
                        .build();
        };
    }

    /** A request for a page. */
    DynamoDbRequest page() {
        return random.nextBoolean()
                ? QueryRequest.builder().build()
                : ScanRequest.builder().build();
    }

    private TransactWriteItem write() {
        TransactWriteItem.Builder write = TransactWriteItem.builder();
        return switch (random.nextInt(4)) {
            case 0 ->
                write.put(Put.builder().tableName(text()).item(item(1)).build()).build();
            case 1 ->
                write.update(Update.builder()
                                .tableName(text())
                                .key(item(1))
                                .updateExpression(text())
                                .expressionAttributeValues(item(1))
                                .build())
                        .build();
            case 2 ->
                write.delete(Delete.builder().tableName(text()).key(item(1)).build())
                        .build();
            default ->
                write.conditionCheck(ConditionCheck.builder()
                                .tableName(text())
                                .key(item(1))
                                .conditionExpression(text())
                                .returnValuesOnConditionCheckFailure(oldItem())
                                .build())
                        .build();
        };
    }

    private ReturnConsumedCapacity capacity() {
        return ReturnConsumedCapacity.TOTAL;
    }

    private ReturnValuesOnConditionCheckFailure oldItem() {
        return ReturnValuesOnConditionCheckFailure.ALL_OLD;
    }

    Map<String, AttributeValue> item(int level) {
        return map(() -> value(level));
    }

    private AttributeValue value(int level) {
        return switch (random.nextInt(level < LEVELS ? 10 : 8)) {
            case 0, 1 -> AttributeValue.fromS(text());
            case 2 -> AttributeValue.fromN(number());
            case 3 -> AttributeValue.fromB(bytes());
            case 4 -> AttributeValue.fromSs(list(this::text));
            case 5 ->
                random.nextBoolean()
                        ? AttributeValue.fromNs(list(this::number))
                        : AttributeValue.fromBs(list(this::bytes));
            case 6 -> AttributeValue.fromBool(random.nextBoolean());
            case 7 -> AttributeValue.fromNul(random.nextBoolean());
            case 8 -> AttributeValue.fromM(item(level + 1));
            default -> AttributeValue.fromL(list(() -> value(level + 1)));
        };
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    private Map<String, String> names() {
        return map(this::text);
    }

    private <T> Map<String, T> map(Supplier<T> value) {
        Map<String, T> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(text(), value.get());
        }
        return map;
    }

    private <T> List<T> list(Supplier<T> value) {
        return new ArrayList<>(
                IntStream.range(0, random.nextInt(4)).mapToObj(i -> value.get()).toList());
    }

    private SdkBytes bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return SdkBytes.fromByteArray(bytes);
    }

    private String number() {
        return random.nextBoolean() ? Long.toString(random.nextLong()) : Double.toString(random.nextGaussian());
    }

    /** Any characters but unpaired surrogates, which no UTF-8 has. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(30) == 0 ? 5000 : 12); i > 0; i--) {
            int point =
                    switch (random.nextInt(6)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> "\"\\/\u007f\u2028\ufeff".charAt(random.nextInt(6));
                        case 2 -> 0x80 + random.nextInt(0xd000);
                        case 3 -> 0x10000 + random.nextInt(0x100000);
                        default -> ' ' + random.nextInt(95);
                    };
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    /** An item with the attributes that a list looks at, each mostly of the type that it expects. */
    private Map<String, AttributeValue> stored() {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        for (String name :
                List.of("id", "name", "version", "expires", "payload", "_dsw0", "_dsv0", "_dsc", "_dsr", "_dslock")) {
            if (random.nextInt(4) > 0 && (withHistory || !HistoryAttributes.contain(name))) {
                boolean number = name.equals("version") || name.equals("expires");
                AttributeValue usual = number
                        ? AttributeValue.fromN(Integer.toString(random.nextInt(3)))
                        : AttributeValue.fromS(random.nextBoolean() ? "usual" : text());
                item.put(name, random.nextInt(5) == 0 ? value(0) : usual);
            }
        }
        item.putAll(item(0));
        return item;
    }

    // -- responses

    /** A page of items without the history of their writes. */
    String pageWithoutHistory(DynamoDbRequest request) {
        withHistory = false;
        try {
            return response(request);
        } finally {
            withHistory = true;
        }
    }

    /** A body as the service may write it, in response to such a request. */
    String response(DynamoDbRequest request) {
        if (request instanceof GetItemRequest) {
            return object("Item", maybe(() -> json(item(0))), "ConsumedCapacity", maybe(this::consumed));
        } else if (request instanceof QueryRequest || request instanceof ScanRequest) {
            return object(
                    "Count",
                    maybe(this::count),
                    "Items",
                    maybe(() -> array(() -> json(stored()))),
                    "LastEvaluatedKey",
                    maybe(() -> json(item(2))),
                    "ScannedCount",
                    maybe(this::count),
                    "ConsumedCapacity",
                    maybe(this::consumed));
        } else if (request instanceof BatchGetItemRequest) {
            return object(
                    "Responses",
                    maybe(() -> members(() -> array(() -> json(item(1))))),
                    "UnprocessedKeys",
                    maybe(() -> "{}"),
                    "ConsumedCapacity",
                    maybe(() -> array(this::consumed)));
        } else if (request instanceof TransactWriteItemsRequest) {
            return object("ConsumedCapacity", maybe(() -> array(this::consumed)));
        }
        return object("Attributes", maybe(() -> json(item(0))), "ConsumedCapacity", maybe(this::consumed));
    }

    private String consumed() {
        return object(
                "TableName",
                maybe(() -> quoted(text())),
                "CapacityUnits",
                maybe(this::units),
                "ReadCapacityUnits",
                maybe(this::units),
                "WriteCapacityUnits",
                maybe(this::units),
                "Table",
                maybe(() -> object("CapacityUnits", maybe(this::units), "ReadCapacityUnits", maybe(this::units))),
                "GlobalSecondaryIndexes",
                maybe(() -> members(() -> object("CapacityUnits", units()))),
                "LocalSecondaryIndexes",
                maybe(() -> members(() -> object("WriteCapacityUnits", units()))));
    }

    private String units() {
        return switch (random.nextInt(3)) {
            case 0 -> Integer.toString(random.nextInt(1000));
            case 1 -> random.nextInt(100) + ".5";
            default -> Double.toString(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
        };
    }

    private String count() {
        return Integer.toString(random.nextInt(Integer.MAX_VALUE));
    }

    private String object(@Nullable String... members) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < members.length; i += 2) {
            if (members[i + 1] != null) {
                json.append(json.length() == 1 ? "" : ",").append(space());
                json.append(quoted(members[i])).append(space()).append(':').append(members[i + 1]);
            }
        }
        return json.append(space()).append('}').toString();
    }

    private String members(Supplier<String> value) {
        List<String> members = new ArrayList<>();
        map(value).forEach((name, json) -> members.addAll(List.of(name, json)));
        return object(members.toArray(String[]::new));
    }

    private String array(Supplier<String> element) {
        return "[" + String.join(space() + ",", list(element)) + "]";
    }

    private String json(Map<String, AttributeValue> item) {
        List<String> members = new ArrayList<>();
        item.forEach((name, value) -> members.addAll(List.of(name, json(value))));
        return object(members.toArray(String[]::new));
    }

    private String json(AttributeValue value) {
        return switch (value.type()) {
            case S -> object("S", quoted(value.s()));
            case N -> object("N", quoted(value.n()));
            case B -> object("B", base64(value.b()));
            case M -> object("M", json(value.m()));
            case L -> object("L", array(value.l().stream().map(this::json).toList()));
            case SS -> object("SS", array(value.ss().stream().map(this::quoted).toList()));
            case NS -> object("NS", array(value.ns().stream().map(this::quoted).toList()));
            case BS ->
                object("BS", array(value.bs().stream().map(WireExamples::base64).toList()));
            case BOOL -> object("BOOL", value.bool().toString());
            case NUL -> object("NULL", value.nul().toString());
            default -> throw new AssertionError(value.type());
        };
    }

    private static String array(List<String> elements) {
        return "[" + String.join(",", elements) + "]";
    }

    private static String base64(SdkBytes bytes) {
        return '"' + java.util.Base64.getEncoder().encodeToString(bytes.asByteArray()) + '"';
    }

    private String space() {
        return random.nextInt(20) == 0 ? " \n\t" : "";
    }

    private String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                json.append('\\').append((char) point);
            } else if (point < 0x20 || random.nextInt(50) == 0) {
                for (char unit : Character.toChars(point)) {
                    json.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                json.appendCodePoint(point);
            }
        });
        return json.append('"').toString();
    }

    // -- damage

    /** The body with one thing wrong with it; it may happen to be right nevertheless. */
    byte[] damaged(byte[] body) {
        int at = random.nextInt(body.length);
        return switch (random.nextInt(6)) {
            case 0 -> java.util.Arrays.copyOf(body, at);
            case 1 -> {
                byte[] flipped = body.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                yield flipped;
            }
            case 2 -> replaced(body, at, 1, "");
            case 3 ->
                replaced(
                        body,
                        at,
                        0,
                        "{}[],:\"0\\n ".substring(random.nextInt(10)).substring(0, 1));
            case 4 -> replaced(body, at, Math.min(random.nextInt(30), body.length - at), "");
            default -> replaced(body, at, 0, "null");
        };
    }

    private static byte[] replaced(byte[] body, int at, int length, String by) {
        byte[] middle = by.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] result = new byte[body.length - length + middle.length];
        System.arraycopy(body, 0, result, 0, at);
        System.arraycopy(middle, 0, result, at, middle.length);
        System.arraycopy(body, at + length, result, at + middle.length, body.length - at - length);
        return result;
    }
}
