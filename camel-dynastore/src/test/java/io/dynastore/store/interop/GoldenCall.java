/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynastore.store.Call;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.Expiry;
import io.dynastore.store.GetCall;
import io.dynastore.store.KeyType;
import io.dynastore.store.ListCall;
import io.dynastore.store.WriteCall;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A recorded call as a call of ours: which operation, and which option, stands for which. */
final class GoldenCall {

    private GoldenCall() {}

    /** The call of ours; fails for an operation or an option that nobody has thought of. */
    static Call.Builder<?> of(GoldenStep step) {
        return switch (step.op()) {
            case "Create" -> write(step, unconstrained(step) ? WriteCall.Kind.PUT : WriteCall.Kind.CREATE);
            case "Update" -> write(step, WriteCall.Kind.UPDATE);
            case "Get" -> get(step);
            case "Delete" -> delete(step);
            case "ListBySortKeyPrefix" -> list(step);
            default -> throw new AssertionError("an operation without a counterpart: " + step.op());
        };
    }

    private static boolean unconstrained(GoldenStep step) {
        return step.options().path("create_constraint_disabled").booleanValue();
    }

    private static WriteCall.Builder write(GoldenStep step, WriteCall.Kind kind) {
        WriteCall.Builder call = WriteCall.builder(kind).key(step.key());
        if (step.json().has("value")) {
            call.value(step.value());
        }
        each(step, (option, value) -> {
            switch (option) {
                case "ttl_seconds" -> call.expiry(Expiry.after(Duration.ofSeconds(value.longValue())));
                case "version" -> call.expectedVersion(value.longValue());
                case "extra_fields" -> call.fields(fields(value));
                case "create_constraint_disabled" -> {
                    // A create without its constraint is a put; the Go library's update ignores the option.
                }
                default -> unknown(option);
            }
        });
        return call;
    }

    private static DeleteCall.Builder delete(GoldenStep step) {
        DeleteCall.Builder call = Call.delete(step.key());
        each(step, (option, value) -> {
            switch (option) {
                case "version" -> call.expectedVersion(value.longValue());
                case "check" -> call.mustExist(value.booleanValue());
                default -> unknown(option);
            }
        });
        return call;
    }

    static GetCall.Builder get(GoldenStep step) {
        GetCall.Builder call = Call.get(step.key());
        each(step, (option, value) -> {
            switch (option) {
                case "consistent_read" -> call.consistentRead(value.booleanValue());
                default -> unknown(option);
            }
        });
        return call;
    }

    static ListCall.Builder list(GoldenStep step) {
        ListCall.Builder call = Call.list(step.partitionKey()).sortKeyPrefix(step.prefix());
        each(step, (option, value) -> {
            switch (option) {
                case "consistent_read" -> call.consistentRead(value.booleanValue());
                case "reverse" -> call.reverse(value.booleanValue());
                case "limit" -> call.limit(value.intValue());
                case "token" -> call.nextToken(value.textValue());
                case "index" ->
                    call.index(value.path(0).textValue())
                            .indexPartitionKeyName(value.path(1).textValue())
                            .indexPartitionKeyType(step.numberPartition() ? KeyType.NUMBER : KeyType.STRING)
                            .indexSortKeyName(value.path(2).textValue());
                default -> unknown(option);
            }
        });
        return call;
    }

    private static void each(GoldenStep step, BiConsumer<String, JsonNode> option) {
        step.options().properties().forEach(each -> option.accept(each.getKey(), each.getValue()));
    }

    private static void unknown(String option) {
        throw new AssertionError("an option without a counterpart: " + option);
    }

    private static Map<String, @Nullable Object> fields(JsonNode extra) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        DynamoJson.attributes(extra).forEach((name, value) -> fields.put(name, JavaValues.written(value)));
        return fields;
    }
}
