/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Numbers;
import io.dynastore.store.Texts;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * CharSequence, Character, char[]                     S
 * Number                                              N
 * Boolean                                             BOOL
 * byte[], ByteBuffer, SdkBytes                        B
 * null                                                NULL
 * Map                                                 M
 * List, other Collection, array                       L
 * Set of only text, only numbers, or only bytes       SS, NS, BS
 * other Set                                           L
 * JsonNode                                            its content
 * AttributeValue                                      itself, if the service would take it
 * Item                                                its payload
 * Optional                                            its value, or NULL
 * stream, iterator, future, client, exchange          rejected, as it is no value
 * anything else: record, bean, enum, date             as Jackson converts it
 * </pre>
 */
public final class ValueEncoder {

    /** The service's limit of levels. It also stops at values that refer to themselves. */
    static final int DEEPEST = 32;

    private static final AttributeValue NULL = AttributeValue.fromNul(true);

    private final ObjectMapper mapper;
    private final ObjectReader tree;

    /**
     * An encoder.
     *
     * @param mapper converts the values that have no DynamoDB type of their own; must not be reconfigured afterwards
     */
    public ValueEncoder(ObjectMapper mapper) {
        this.mapper = mapper;
        // Jackson would strip zeros in quadratic time. They are stripped where the number is encoded.
        this.tree = mapper.readerFor(JsonNode.class).without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
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
        checkDepth(depth);
        if (value == null) {
            return NULL;
        }
        if (value instanceof AttributeValue attribute) {
            return AttributeValues.checked(attribute, depth);
        }
        AttributeValue scalar = Scalars.encode(value);
        return scalar == null ? composite(value, depth) : scalar;
    }

    /**
     * Checks the level of a value, counted from 1.
     *
     * @throws InvalidInputException if it is too deep for DynamoDB
     */
    static void checkDepth(int depth) {
        if (depth > DEEPEST) {
            throw new InvalidInputException(
                    "The value is nested more than " + DEEPEST + " levels deep, or refers to itself: flatten it.");
        }
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
        if (value instanceof Item item) {
            return encode(item.payload(), depth);
        }
        return value instanceof Optional<?> optional
                ? encode(optional.orElse(null), depth)
                : json(tree(Contents.value(value)), depth);
    }

    private AttributeValue map(Map<?, ?> map, int depth) {
        checkDepth(depth + 1);
        Map<String, AttributeValue> members = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, member) -> {
            if (members.put(Scalars.name(key), encode(member, depth + 1)) != null) {
                throw new InvalidInputException("A map has two keys that are the same text, such as 1 and \"1\":"
                        + " only one of the two could be stored. Give each entry a name of its own.");
            }
        });
        return AttributeValue.fromM(members);
    }

    private AttributeValue list(Collection<?> collection, int depth) {
        checkDepth(depth + 1);
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
        if (all(set, member -> Scalars.bytes(member) != null)) {
            Set<SdkBytes> distinct = new LinkedHashSet<>();
            set.forEach(member -> distinct.add(Scalars.bytes(member)));
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
            TokenBuffer document = new TokenBuffer(mapper, false);
            mapper.writer().writeValue(document, value);
            return tree.readTree(document.asParser());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Jackson's own message may quote the value.
            throw new InvalidInputException("Jackson can't turn a "
                    + value.getClass().getName() + " into a document: " + JacksonErrors.place(e) + ".");
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
