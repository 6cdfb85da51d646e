/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynastore.store.Key;
import io.dynastore.testkit.EngineAbility;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One recorded call of the Go library, with what came of it. The recording explains its own fields.
 *
 * @param json the step as it was recorded
 */
record GoldenStep(JsonNode json) {

    /** What an engine must have for a step to come out as recorded; DynamoDB Local has it all. */
    static final Map<String, List<EngineAbility>> NEEDS = Map.of(
            "get-float64-negzero", List.of(EngineAbility.NUMBERS_AS_WRITTEN),
            "get-json-number", List.of(EngineAbility.NUMBERS_AS_WRITTEN),
            "create-field-key-type-mismatch", List.of(EngineAbility.INDEX_KEYS_OF_ANY_TYPE),
            "int-str-list-keys-only-gsi", List.of(EngineAbility.FILTERS_CHECKED_BY_PROJECTION));

    private static final String RECORDING = "/interop/dynastorev2-golden.json";
    private static final Pattern TTL = Pattern.compile("<now\\+(\\d+)s>");
    private static final Pattern LARGE = Pattern.compile("<(\\d+) x 'x'>");

    /** All steps in the order in which they were recorded, which is the order in which they build on each other. */
    static List<GoldenStep> all() {
        try (InputStream recording = Objects.requireNonNull(GoldenStep.class.getResourceAsStream(RECORDING))) {
            List<GoldenStep> steps = new ArrayList<>();
            new ObjectMapper().readTree(recording).path("steps").forEach(json -> steps.add(new GoldenStep(json)));
            return steps;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GoldenStep named(String id) {
        return all().stream().filter(step -> step.id().equals(id)).findFirst().orElseThrow();
    }

    String id() {
        return json.path("id").textValue();
    }

    String op() {
        return json.path("op").textValue();
    }

    String table() {
        return json.path("table").textValue();
    }

    boolean isList() {
        return op().equals("ListBySortKeyPrefix");
    }

    Object partitionKey() {
        return Objects.requireNonNull(JavaValues.written(DynamoJson.attribute(json.path("pk"))));
    }

    boolean numberPartition() {
        return json.path("pk").has("N");
    }

    @Nullable
    Object sortKey() {
        return json.has("sk") ? JavaValues.written(DynamoJson.attribute(json.path("sk"))) : null;
    }

    Key key() {
        return new Key(partitionKey(), sortKey());
    }

    Map<String, AttributeValue> keyAttributes() {
        return Map.of("id", DynamoJson.attribute(json.path("pk")), "name", DynamoJson.attribute(json.path("sk")));
    }

    String prefix() {
        return json.path("prefix").textValue();
    }

    /** The value that was written, in Java; two that the recording only describes are made up again. */
    @Nullable
    Object value() {
        JsonNode value = json.path("value");
        if (!value.isTextual()) {
            return JavaValues.written(DynamoJson.attribute(value));
        }
        Matcher large = LARGE.matcher(value.textValue());
        return large.matches() ? "x".repeat(Integer.parseInt(large.group(1))) : Map.of("", 1);
    }

    Map<String, AttributeValue> rawValue() {
        return DynamoJson.attributes(json.path("value"));
    }

    JsonNode options() {
        return json.path("options");
    }

    JsonNode result() {
        return json.path("result");
    }

    List<@Nullable Object> values() {
        List<@Nullable Object> values = new ArrayList<>();
        result().path("values").forEach(value -> values.add(JavaValues.read(DynamoJson.attribute(value))));
        return values;
    }

    boolean failed() {
        return !json.path("error").isNull();
    }

    String error(String part) {
        return json.path("error").path(part).asText();
    }

    /** The Go type that the store was made for, its type parameter V. */
    String valueType() {
        String types = json.path("types").textValue();
        return types.substring(types.lastIndexOf(',') + 1, types.length() - 1);
    }

    /** Whether the recording says which item the table holds after this step, if any. */
    boolean tellsItem() {
        return json.has("sk") && !json.path("item_after").has("read_error");
    }

    /** The item that the table holds after this step; empty for none. */
    Map<String, AttributeValue> itemAfter(Instant now) {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        DynamoJson.attributes(json.path("item_after")).forEach((name, value) -> item.put(name, unmasked(value, now)));
        return DynamoJson.sorted(item);
    }

    @Override
    public String toString() {
        return json.path("call").textValue();
    }

    private static AttributeValue unmasked(AttributeValue value, Instant now) {
        Matcher ttl = TTL.matcher(value.n() == null ? "" : value.n());
        return ttl.matches()
                ? AttributeValue.fromN(Long.toString(now.getEpochSecond() + Long.parseLong(ttl.group(1))))
                : value;
    }
}
