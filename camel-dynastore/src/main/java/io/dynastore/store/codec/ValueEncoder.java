/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.POJONode;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Numbers;
import io.dynastore.store.Texts;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts Java values to DynamoDB attribute values. Thread safe.
 *
 * <pre>
 * Java                                                DynamoDB
 * CharSequence, Character                             S
 * Number                                              N
 * Boolean                                             BOOL
 * byte[], ByteBuffer, SdkBytes                        B
 * null                                                NULL
 * Map                                                 M
 * List, other Collection, array                       L
 * Set of only text, only numbers, or only bytes       SS, NS, BS
 * other Set                                           L
 * JsonNode                                            its content
 * AttributeValue                                      itself
 * anything else: record, bean, enum, date             as Jackson converts it
 * </pre>
 */
public final class ValueEncoder {

    /** The service's limit of levels. It also stops at values that refer to themselves. */
    static final int DEEPEST = 32;

    private static final AttributeValue NULL = AttributeValue.fromNul(true);

    private final ObjectMapper mapper;

    /**
     * An encoder.
     *
     * @param mapper converts the values that have no DynamoDB type of their own; must not be reconfigured afterwards
     */
    public ValueEncoder(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Encodes a value.
     *
     * @throws InvalidInputException if DynamoDB can't hold the value; the message contains no part of it
     */
    public AttributeValue encode(@Nullable Object value) {
        return encode(value, 1);
    }

    private AttributeValue encode(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new InvalidInputException(
                    "The value is nested more than " + DEEPEST + " levels deep, or refers to itself: flatten it.");
        }
        if (value == null) {
            return NULL;
        }
        AttributeValue scalar = scalar(value);
        return scalar == null ? composite(value, depth) : scalar;
    }

    /** Null if the value is none. */
    private static @Nullable AttributeValue scalar(Object value) {
        if (value instanceof CharSequence || value instanceof Character) {
            return AttributeValue.fromS(Texts.sound(value.toString()));
        }
        if (value instanceof Number number) {
            return AttributeValue.fromN(Numbers.text(number));
        }
        if (value instanceof Boolean bool) {
            return AttributeValue.fromBool(bool);
        }
        SdkBytes bytes = bytes(value);
        if (bytes != null) {
            return AttributeValue.fromB(bytes);
        }
        return value instanceof AttributeValue attribute ? attribute : null;
    }

    private AttributeValue composite(Object value, int depth) {
        if (value instanceof JsonNode node) {
            return json(node, depth);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, depth);
        }
        if (value instanceof Set<?> set) {
            return set(set, depth);
        }
        if (value instanceof Collection<?> collection) {
            return list(collection, depth);
        }
        if (value.getClass().isArray()) {
            return list(elements(value), depth);
        }
        return json(tree(value), depth);
    }

    private static @Nullable SdkBytes bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return SdkBytes.fromByteArray(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return SdkBytes.fromByteBuffer(buffer.duplicate());
        }
        return value instanceof SdkBytes bytes ? bytes : null;
    }

    private AttributeValue map(Map<?, ?> map, int depth) {
        Map<String, AttributeValue> members = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, member) -> {
            String name = key == null ? "" : Texts.sound(key.toString());
            if (name.isEmpty()) {
                throw new InvalidInputException("A map has a null or empty key: give each entry a name.");
            }
            members.put(name, encode(member, depth + 1));
        });
        return AttributeValue.fromM(members);
    }

    private AttributeValue list(Collection<?> collection, int depth) {
        List<AttributeValue> members = new ArrayList<>(collection.size());
        for (Object member : collection) {
            members.add(encode(member, depth + 1));
        }
        return AttributeValue.fromL(members);
    }

    private AttributeValue set(Set<?> set, int depth) {
        if (set.isEmpty()) {
            throw new InvalidInputException(
                    "A set is empty, and DynamoDB has no empty sets: use an empty list, or leave it out.");
        }
        // Members that differ in Java may be equal in DynamoDB: 1 and 1.0, or two arrays of the same bytes.
        if (all(set, String.class::isInstance)) {
            return AttributeValue.fromSs(
                    set.stream().map(String.class::cast).map(Texts::sound).toList());
        }
        if (all(set, Number.class::isInstance)) {
            Set<String> numbers = new LinkedHashSet<>();
            set.forEach(member -> numbers.add(Numbers.text((Number) member)));
            return AttributeValue.fromNs(List.copyOf(numbers));
        }
        if (all(set, member -> bytes(member) != null)) {
            Set<SdkBytes> distinct = new LinkedHashSet<>();
            set.forEach(member -> distinct.add(bytes(member)));
            return AttributeValue.fromBs(List.copyOf(distinct));
        }
        return list(set, depth);
    }

    private static boolean all(Set<?> set, Predicate<Object> kind) {
        return set.stream().allMatch(member -> member != null && kind.test(member));
    }

    private static List<@Nullable Object> elements(Object array) {
        int length = Array.getLength(array);
        List<@Nullable Object> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    private JsonNode tree(Object value) {
        try {
            return mapper.valueToTree(value);
        } catch (IllegalArgumentException | StackOverflowError e) {
            // Jackson's own message may quote the value.
            throw new InvalidInputException("Jackson can't turn a "
                    + value.getClass().getName() + " into a document: " + PayloadCodec.place(e) + ".");
        }
    }

    private AttributeValue json(JsonNode node, int depth) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> NULL;
            case STRING -> AttributeValue.fromS(Texts.sound(node.textValue()));
            case BOOLEAN -> AttributeValue.fromBool(node.booleanValue());
            case NUMBER -> AttributeValue.fromN(Numbers.text(node.numberValue()));
            case BINARY -> encode(binary(node), depth);
            case POJO -> encode(((POJONode) node).getPojo(), depth + 1);
            case ARRAY -> list(members(node), depth);
            case OBJECT -> map(properties(node), depth);
        };
    }

    private static byte[] binary(JsonNode node) {
        try {
            return node.binaryValue();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<JsonNode> members(JsonNode array) {
        List<JsonNode> members = new ArrayList<>(array.size());
        array.forEach(members::add);
        return members;
    }

    private static Map<String, JsonNode> properties(JsonNode object) {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        object.properties().forEach(field -> properties.put(field.getKey(), field.getValue()));
        return properties;
    }
}
