/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.store.Call;
import io.dynastore.store.Expiry;
import io.dynastore.store.KeyType;
import io.dynastore.store.Operation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recorded call as a call of ours: which operation, and which option, stands for which. */
final class GoldenCall {

    private GoldenCall() {}

    /** The call of ours; fails for an operation or an option that nobody has thought of. */
    static Call.Builder of(GoldenStep step) {
        Call.Builder call =
                Call.of(operation(step)).partitionKey(step.partitionKey()).sortKey(step.sortKey());
        if (step.isList()) {
            call.sortKeyPrefix(step.prefix());
        }
        if (step.json().has("value")) {
            call.value(step.value());
        }
        step.options().properties().forEach(option -> set(call, step, option.getKey(), option.getValue()));
        return call;
    }

    private static Operation operation(GoldenStep step) {
        return switch (step.op()) {
            case "Create" -> unconstrained(step) ? Operation.PUT : Operation.CREATE;
            case "Update" -> Operation.UPDATE;
            case "Get" -> Operation.GET;
            case "Delete" -> Operation.DELETE;
            case "ListBySortKeyPrefix" -> Operation.LIST;
            default -> throw new AssertionError("an operation without a counterpart: " + step.op());
        };
    }

    private static boolean unconstrained(GoldenStep step) {
        return step.options().path("create_constraint_disabled").booleanValue();
    }

    private static void set(Call.Builder call, GoldenStep step, String option, JsonNode value) {
        switch (option) {
            case "ttl_seconds" -> call.expiry(Expiry.after(Duration.ofSeconds(value.longValue())));
            case "version" -> call.expectedVersion(value.longValue());
            case "extra_fields" -> call.fields(fields(value));
            case "check" -> call.mustExist(value.booleanValue());
            case "consistent_read" -> call.consistentRead(value.booleanValue());
            case "reverse" -> call.reverse(value.booleanValue());
            case "limit" -> call.limit(value.intValue());
            case "token" -> call.nextToken(value.textValue());
            case "index" ->
                call.index(value.path(0).textValue())
                        .indexPartitionKeyName(value.path(1).textValue())
                        .indexPartitionKeyType(step.numberPartition() ? KeyType.NUMBER : KeyType.STRING)
                        .indexSortKeyName(value.path(2).textValue());
            case "create_constraint_disabled" -> {
                // A create without its constraint is a put; the Go library's update ignores the option.
            }
            default -> throw new AssertionError("an option without a counterpart: " + option);
        }
    }

    private static Map<String, @Nullable Object> fields(JsonNode extra) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        DynamoJson.attributes(extra).forEach((name, value) -> fields.put(name, JavaValues.written(value)));
        return fields;
    }
}
