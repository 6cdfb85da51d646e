/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * DynamoDB JSON, as in {@code {"S": "text"}}, as attribute values. Sets are sorted, since their order means nothing.
 */
final class DynamoJson {

    private DynamoJson() {}

    static AttributeValue attribute(JsonNode json) {
        Map.Entry<String, JsonNode> typed = json.properties().iterator().next();
        JsonNode value = typed.getValue();
        return switch (typed.getKey()) {
            case "S" -> AttributeValue.fromS(value.textValue());
            case "N" -> AttributeValue.fromN(value.textValue());
            case "B" -> AttributeValue.fromB(bytes(value));
            case "BOOL" -> AttributeValue.fromBool(value.booleanValue());
            case "NULL" -> AttributeValue.fromNul(true);
            case "L" -> AttributeValue.fromL(members(value, DynamoJson::attribute));
            case "M" -> AttributeValue.fromM(attributes(value));
            case "SS" -> AttributeValue.fromSs(members(value, JsonNode::textValue));
            case "NS" -> AttributeValue.fromNs(members(value, JsonNode::textValue));
            case "BS" -> AttributeValue.fromBs(members(value, DynamoJson::bytes));
            default -> throw new IllegalArgumentException("not DynamoDB JSON: " + json);
        };
    }

    static Map<String, AttributeValue> attributes(JsonNode json) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        json.properties().forEach(entry -> attributes.put(entry.getKey(), attribute(entry.getValue())));
        return attributes;
    }

    /** The same attributes with every set sorted, so that {@code equals} compares what DynamoDB holds. */
    static Map<String, AttributeValue> sorted(Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> sorted = new LinkedHashMap<>();
        attributes.forEach((name, value) -> sorted.put(name, sorted(value)));
        return sorted;
    }

    private static AttributeValue sorted(AttributeValue value) {
        return switch (value.type()) {
            case M -> AttributeValue.fromM(sorted(value.m()));
            case L ->
                AttributeValue.fromL(value.l().stream().map(DynamoJson::sorted).toList());
            case SS -> AttributeValue.fromSs(value.ss().stream().sorted().toList());
            case NS -> AttributeValue.fromNs(value.ns().stream().sorted().toList());
            case BS ->
                AttributeValue.fromBs(value.bs().stream()
                        .sorted(Comparator.comparing(SdkBytes::asUtf8String))
                        .toList());
            case S, N, B, BOOL, NUL, UNKNOWN_TO_SDK_VERSION -> value;
        };
    }

    private static SdkBytes bytes(JsonNode base64) {
        return SdkBytes.fromByteArray(Base64.getDecoder().decode(base64.textValue()));
    }

    private static <T> List<T> members(JsonNode array, Function<JsonNode, T> member) {
        List<T> members = new ArrayList<>();
        array.forEach(node -> members.add(member.apply(node)));
        return members;
    }
}
