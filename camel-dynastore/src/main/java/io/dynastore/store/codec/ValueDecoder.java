/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Numbers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts DynamoDB attribute values to Java values, or to JSON. Stateless.
 *
 * <pre>
 * DynamoDB     Java                                           JSON
 * S            String                                         text
 * N            Long if whole and in its range, else           number
 *              BigDecimal without trailing zeros
 * B            byte[]                                         base64 text
 * BOOL, NULL   Boolean, null                                  boolean, null
 * M, L         LinkedHashMap, ArrayList                       object, array
 * SS, NS, BS   LinkedHashSet                                  array
 * </pre>
 *
 * <p>Results are new objects, which the caller may change.
 */
final class ValueDecoder {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ValueDecoder() {}

    /** The Java value; null for NULL. */
    static @Nullable Object decode(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> Numbers.value(value.n());
            case B -> value.b().asByteArray();
            case BOOL -> value.bool();
            case NUL -> null;
            case M -> decode(value.m());
            case L -> list(value.l());
            case SS -> new LinkedHashSet<>(value.ss());
            case NS -> numbers(value.ns());
            case BS -> binaries(value.bs());
            case UNKNOWN_TO_SDK_VERSION -> throw unknownType();
        };
    }

    private static List<@Nullable Object> list(List<AttributeValue> values) {
        List<@Nullable Object> members = new ArrayList<>(values.size());
        values.forEach(member -> members.add(decode(member)));
        return members;
    }

    private static Set<Number> numbers(List<String> values) {
        Set<Number> members = new LinkedHashSet<>();
        values.forEach(member -> members.add(Numbers.value(member)));
        return members;
    }

    private static Set<byte[]> binaries(List<SdkBytes> values) {
        Set<byte[]> members = new LinkedHashSet<>();
        values.forEach(member -> members.add(member.asByteArray()));
        return members;
    }

    /** The Java values of a map or of an item's attributes, in the given order. */
    static Map<String, @Nullable Object> decode(Map<String, AttributeValue> values) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(values.size() * 2);
        values.forEach((name, member) -> members.put(name, decode(member)));
        return members;
    }

    /** The value as JSON. */
    static JsonNode json(AttributeValue value) {
        return switch (value.type()) {
            case S -> JSON.textNode(value.s());
            case N -> number(value.n());
            case B -> binary(value.b());
            case BOOL -> JSON.booleanNode(value.bool());
            case NUL -> JSON.nullNode();
            case M -> object(value.m());
            case L -> array(value.l(), ValueDecoder::json);
            case SS -> array(value.ss(), JSON::textNode);
            case NS -> array(value.ns(), ValueDecoder::number);
            case BS -> array(value.bs(), ValueDecoder::binary);
            case UNKNOWN_TO_SDK_VERSION -> throw unknownType();
        };
    }

    private static JsonNode object(Map<String, AttributeValue> values) {
        ObjectNode object = JSON.objectNode();
        values.forEach((name, member) -> object.set(name, json(member)));
        return object;
    }

    private static <T> JsonNode array(List<T> values, Function<T, JsonNode> conversion) {
        ArrayNode array = JSON.arrayNode(values.size());
        values.forEach(member -> array.add(conversion.apply(member)));
        return array;
    }

    private static JsonNode binary(SdkBytes bytes) {
        return JSON.binaryNode(bytes.asByteArray());
    }

    private static JsonNode number(String stored) {
        Number number = Numbers.value(stored);
        return number instanceof BigDecimal decimal ? exact(decimal) : JSON.numberNode(number.longValue());
    }

    private static JsonNode exact(BigDecimal decimal) {
        return decimal.scale() > 0 ? JSON.numberNode(decimal) : JSON.numberNode(decimal.toBigIntegerExact());
    }

    private static DynaStoreException unknownType() {
        return new DynaStoreException(
                "An attribute has a type that this version of the AWS SDK does not know: upgrade the SDK.");
    }
}
