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
            case L -> {
                List<@Nullable Object> members = new ArrayList<>(value.l().size());
                value.l().forEach(member -> members.add(decode(member)));
                yield members;
            }
            case SS -> new LinkedHashSet<>(value.ss());
            case NS -> {
                LinkedHashSet<Number> members = new LinkedHashSet<>();
                value.ns().forEach(member -> members.add(Numbers.value(member)));
                yield members;
            }
            case BS -> {
                LinkedHashSet<byte[]> members = new LinkedHashSet<>();
                value.bs().forEach(member -> members.add(member.asByteArray()));
                yield members;
            }
            case UNKNOWN_TO_SDK_VERSION ->
                throw new DynaStoreException(
                        "An attribute has a type that this version of the AWS SDK does not know: upgrade the SDK.");
        };
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
            case B -> JSON.binaryNode(value.b().asByteArray());
            case BOOL -> JSON.booleanNode(value.bool());
            case NUL -> JSON.nullNode();
            case M -> {
                ObjectNode object = JSON.objectNode();
                value.m().forEach((name, member) -> object.set(name, json(member)));
                yield object;
            }
            case L -> {
                ArrayNode array = JSON.arrayNode(value.l().size());
                value.l().forEach(member -> array.add(json(member)));
                yield array;
            }
            case SS -> {
                ArrayNode array = JSON.arrayNode(value.ss().size());
                value.ss().forEach(array::add);
                yield array;
            }
            case NS -> {
                ArrayNode array = JSON.arrayNode(value.ns().size());
                value.ns().forEach(member -> array.add(number(member)));
                yield array;
            }
            case BS -> {
                ArrayNode array = JSON.arrayNode(value.bs().size());
                value.bs().stream().map(SdkBytes::asByteArray).forEach(array::add);
                yield array;
            }
            case UNKNOWN_TO_SDK_VERSION ->
                throw new DynaStoreException(
                        "An attribute has a type that this version of the AWS SDK does not know: upgrade the SDK.");
        };
    }

    private static JsonNode number(String stored) {
        Number number = Numbers.value(stored);
        return number instanceof BigDecimal decimal ? exact(decimal) : JSON.numberNode(number.longValue());
    }

    private static JsonNode exact(BigDecimal decimal) {
        return decimal.scale() > 0 ? JSON.numberNode(decimal) : JSON.numberNode(decimal.toBigIntegerExact());
    }
}
