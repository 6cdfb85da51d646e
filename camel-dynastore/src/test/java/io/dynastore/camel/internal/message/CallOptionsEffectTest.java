/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.KEYS_ONLY;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.RouteContract;
import io.dynastore.store.Item;
import io.dynastore.store.Operation;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Each option, varied alone by its header, makes a difference to each operation that claims to read it. */
class CallOptionsEffectTest extends RouteContract {

    /** Another value than the default, and what else has to be said for it to matter. */
    private record Variation(Object value, Map<String, Object> context) {}

    private static final Map<String, Object> BY_OWNER = Map.of(
            DynaStoreConstants.INDEX, "by-owner",
            DynaStoreConstants.INDEX_PARTITION_KEY_NAME, "owner",
            DynaStoreConstants.INDEX_SORT_KEY_NAME, "rank");

    private static final Map<String, Variation> VARIATIONS = Map.ofEntries(
            Map.entry("ttl", alone("20m")),
            Map.entry("deliverAfter", alone("20m")),
            Map.entry("mustExist", alone(false)),
            Map.entry("failIfMissing", alone(false)),
            Map.entry("returnVersion", alone(false)),
            Map.entry("exactlyOnce", alone(true)),
            Map.entry("payloadFormat", alone("json")),
            Map.entry("consistentRead", alone(true)),
            Map.entry("includeExpired", alone(true)),
            Map.entry("fields", alone("none")),
            Map.entry("filter", alone("absent=1")),
            Map.entry("concurrentWrites", alone(0)),
            Map.entry("maxFailures", alone(0)),
            Map.entry("sortKeyPrefix", alone("2")),
            Map.entry("sortKeyFrom", alone("2")),
            Map.entry("sortKeyTo", alone("0")),
            Map.entry("reverse", alone(true)),
            Map.entry("limit", alone(1)),
            Map.entry("stream", alone(true)),
            // {"id":"customer","name":"1"}
            Map.entry("nextToken", alone("eyJpZCI6ImN1c3RvbWVyIiwibmFtZSI6IjEifQ")),
            Map.entry("index", alone("by-colour")),
            Map.entry("indexPartitionKeyName", new Variation("other", BY_OWNER)),
            Map.entry("indexPartitionKeyType", new Variation("binary", BY_OWNER)),
            Map.entry(
                    "indexSortKeyName",
                    new Variation("other", with(BY_OWNER, DynaStoreConstants.SORT_KEY_PREFIX, "x"))),
            Map.entry(
                    "indexSortKeyType",
                    new Variation("binary", with(BY_OWNER, DynaStoreConstants.SORT_KEY_PREFIX, "x"))),
            Map.entry("fetch", new Variation(true, BY_OWNER)),
            Map.entry("payloadMode", alone("keep")),
            Map.entry(
                    "returnIncrements",
                    new Variation(
                            true,
                            Map.of(
                                    DynaStoreConstants.INCREMENTS,
                                    Map.of("n", 1),
                                    DynaStoreConstants.RETURN_VERSION,
                                    false))));

    /** Whether entries that store nothing are JSON text. */
    private boolean jsonEntries;

    /** Whether the items on the table have expired. */
    private boolean expired;

    private static Variation alone(Object value) {
        return new Variation(value, Map.of());
    }

    private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        Map<String, Object> more = new HashMap<>(map);
        more.put(name, value);
        return more;
    }

    @Override
    public TableSpec tableSpec() {
        return WITH_SORT_KEY
                .localIndex("by-colour", "colour", S, KEYS_ONLY)
                .globalIndex("by-owner", new KeySpec("owner", S), new KeySpec("rank", S), ALL);
    }

    static Stream<Arguments> rows() {
        return Stream.of(Operation.values()).flatMap(operation -> CallOptions.of(operation).stream()
                .map(option -> Arguments.of(option.option(), operation)));
    }

    @Test
    void everyOptionHasAVariation() {
        assertThat(VARIATIONS)
                .containsOnlyKeys(
                        rows().map(row -> (String) row.get()[0]).distinct().toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theHeaderMakesADifference(String name, Operation operation) throws Exception {
        OptionBinding<?, ?> option = CallOptions.of(operation).stream()
                .filter(row -> row.option().equals(name))
                .findFirst()
                .orElseThrow();
        Variation variation = Objects.requireNonNull(VARIATIONS.get(name));
        // Only an item that isn't there shows these two.
        String sortKey = name.equals("mustExist") || name.equals("failIfMissing") ? "absent" : "1";
        String onOneItem = operation == Operation.LIST || operation == Operation.BATCH_GET ? "" : "&sortKey=" + sortKey;
        // A partition that the URI names is not matched with an attribute that a header names.
        String partition = operation == Operation.LIST ? "" : "partitionKey=customer&";
        String endpoint =
                route((builder, from) -> from.to(store(partition + "operation=" + operation.text() + onOneItem)));
        expired = name.equals("includeExpired");
        jsonEntries = name.equals("payloadFormat");

        Object without = observed(endpoint, operation, variation.context());
        Object same = observed(endpoint, operation, variation.context());
        Object with = observed(endpoint, operation, with(variation.context(), option.header(), variation.value()));

        assertThat(same).as("repeated without the option").isEqualTo(without);
        assertThat(with).isNotEqualTo(without);
    }

    /** The requests without what differs each time, and what came of them. */
    private Object observed(String endpoint, Operation operation, Map<String, Object> headers) {
        prepare(operation);
        HTTP.clear();
        Map<String, Object> all = with(headers, DynaStoreConstants.KEYS, List.of("1", "2"));
        all.put(DynaStoreConstants.PARTITION_KEY, "customer");
        String document = "{\"a\":1}";
        Exchange exchange = send(endpoint, body(operation, document), all);
        String requests = HTTP.requests().stream()
                .map(request -> request.operation() + request.request())
                .toList()
                .toString()
                .replaceAll("\"N\":\"1[0-9]{9}\"", "NOW")
                // Each write has an id of eight bytes of its own.
                .replaceAll("\"B\":\"[^\"]{11}=\"", "MARK")
                .replaceAll("\"ClientRequestToken\":\"[^\"]*\"", "TOKEN");
        String error = exchange.getException() == null
                ? "none"
                : exchange.getException().getClass().getName();
        Object body = exchange.getMessage().getBody();
        String result = !operation.writes() && body instanceof List<?> read
                ? read.stream()
                        .map(Item.class::cast)
                        .map(Item::payload)
                        .toList()
                        .toString()
                : String.valueOf(body);
        Object outcomes = exchange.getMessage().getHeader(DynaStoreConstants.OUTCOMES, "none", Object.class);
        return List.of(requests, error, result, outcomes.toString());
    }

    private Object body(Operation operation, String document) {
        return switch (operation) {
            case TRANSACT -> List.of(Map.of("operation", "put", "value", document));
            case PUT_ALL, CREATE_ALL -> List.of(Map.of("value", document));
            case DELETE_ALL -> jsonEntries ? "[{}]" : List.of(Map.of());
            default -> document;
        };
    }

    private void prepare(Operation operation) {
        dynamo.rawScan(table).forEach(item -> dynamo.client()
                .deleteItem(delete ->
                        delete.tableName(table).key(Map.of("id", value(item, "id"), "name", value(item, "name"))))
                .join());
        if (operation != Operation.CREATE && operation != Operation.CREATE_ALL) {
            document("1");
        }
        document("2");
    }

    private void document(String name) {
        Map<String, AttributeValue> item = new HashMap<>(item("customer", name, "", 1));
        item.put("payload", AttributeValue.fromM(Map.of("a", number(1))));
        if (expired) {
            item.put("expires", number(1));
        }
        dynamo.rawPut(table, item);
    }

    private static AttributeValue value(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name));
    }
}
