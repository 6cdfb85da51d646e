/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Texts;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts values of exchanges to attribute values that people can read, and back to the same Java types. Thread safe.
 *
 * <pre>
 * Java                                          DynamoDB
 * null, String, Boolean, Long, byte[]           NULL, S, BOOL, N, B
 * List of them                                  L, read as an ArrayList
 * HashMap, Map.of with texts as keys            M, read as a HashMap
 * Integer, Double, BigDecimal, Instant, ...     {"_dstype": "Integer", "_dsvalue": "5"}
 * LinkedHashMap, HashSet, Set.of and others     {"_dstype": "LinkedHashMap", "_dsvalue": [key, value, ...]}
 * Exchange, Message                             {"_dstype": "Exchange", "_dsvalue": {its attributes}}
 * any other that is allowed                     {"_dstype": "java", "_dsvalue": its serialized form}
 * </pre>
 */
final class ValueForm {

    private static final String TYPE = "_dstype";
    private static final String VALUE = "_dsvalue";
    private static final String JAVA = "java";
    private static final int DEEPEST = 100;

    /** An ArrayList in which the strategies for groups of bodies, messages and exchanges collect them. */
    private static final String GROUPED =
            "org.apache.camel.processor.aggregate.AbstractListAggregationStrategy$GroupedExchangeList";

    private final AllowedClasses allowed;

    ValueForm(AllowedClasses allowed) {
        this.allowed = allowed;
    }

    /** The attributes of an exchange or a message. */
    record Typed(String type, Map<String, AttributeValue> attributes) {}

    /**
     * The attribute value of a value.
     *
     * @param depth how many values it is within, and 1
     * @throws InvalidInputException if it can't be stored; the message has its class and no part of it
     */
    AttributeValue encode(@Nullable Object value, int depth, ExchangeEncoder exchanges) {
        if (depth > DEEPEST) {
            throw new InvalidInputException("A value is nested more than " + DEEPEST
                    + " levels deep, or refers to itself: flatten it before the aggregation.");
        }
        AttributeValue scalar = scalar(value);
        if (scalar != null) {
            return scalar;
        }
        if (value instanceof Map<?, ?> map && isPlainMap(map) && hasTexts(map.keySet())) {
            return map(map, depth, exchanges);
        }
        if (value instanceof List<?> list && isPlainList(list)) {
            return AttributeValue.fromL(members(list, depth, exchanges));
        }
        if (value instanceof Set<?> set && isPlainSet(set)) {
            return tagged("LinkedHashSet", AttributeValue.fromL(members(set, depth, exchanges)));
        }
        Typed typed = exchanges.encode(Objects.requireNonNull(value), depth);
        return typed == null ? serialized(value) : tagged(typed.type(), AttributeValue.fromM(typed.attributes()));
    }

    private static @Nullable AttributeValue scalar(@Nullable Object value) {
        if (value == null) {
            return AttributeValue.fromNul(true);
        }
        if (value instanceof String text && isSound(text)) {
            return AttributeValue.fromS(text);
        }
        if (value instanceof Boolean truth) {
            return AttributeValue.fromBool(truth);
        }
        if (value instanceof Long number) {
            return AttributeValue.fromN(number.toString());
        }
        if (value instanceof byte[] bytes) {
            return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
        }
        TextType<?> type = TextType.of(value);
        return type == null ? null : tagged(type.name(), AttributeValue.fromS(type.write(value)));
    }

    private static boolean isSound(String text) {
        try {
            return Texts.sound(text).equals(text);
        } catch (InvalidInputException e) {
            return false;
        }
    }

    private static boolean hasTexts(Set<?> keys) {
        return keys.stream().allMatch(key -> key instanceof String text && !text.equals(TYPE) && isSound(text));
    }

    /** Lists of which nobody needs the class. Another class, as of the application, keeps its class. */
    private static boolean isPlainList(List<?> list) {
        return list.getClass() == ArrayList.class
                || list.getClass().getName().equals("java.util.Arrays$ArrayList")
                || list.getClass().getName().equals(GROUPED)
                || isWrapper(list);
    }

    private static boolean isPlainMap(Map<?, ?> map) {
        return map.getClass() == HashMap.class || map.getClass() == LinkedHashMap.class || isWrapper(map);
    }

    private static boolean isPlainSet(Set<?> set) {
        return set.getClass() == HashSet.class || set.getClass() == LinkedHashSet.class || isWrapper(set);
    }

    /** What {@code List.of} and {@code Collections.unmodifiableList} return, and their like. */
    private static boolean isWrapper(Object value) {
        String name = value.getClass().getName();
        return name.startsWith("java.util.ImmutableCollections$") || name.startsWith("java.util.Collections$");
    }

    private AttributeValue map(Map<?, ?> map, int depth, ExchangeEncoder exchanges) {
        if (map.getClass() != HashMap.class
                && !map.getClass().getName().startsWith("java.util.ImmutableCollections$")) {
            List<AttributeValue> entries = new ArrayList<>(map.size() * 2);
            map.forEach((key, member) -> {
                entries.add(AttributeValue.fromS((String) key));
                entries.add(encode(member, depth + 1, exchanges));
            });
            return tagged("LinkedHashMap", AttributeValue.fromL(entries));
        }
        Map<String, AttributeValue> members = new HashMap<>(map.size() * 2);
        map.forEach((key, member) -> members.put((String) key, encode(member, depth + 1, exchanges)));
        return AttributeValue.fromM(members);
    }

    private List<AttributeValue> members(Collection<?> values, int depth, ExchangeEncoder exchanges) {
        List<AttributeValue> members = new ArrayList<>(values.size());
        values.forEach(each -> members.add(encode(each, depth + 1, exchanges)));
        return members;
    }

    private AttributeValue serialized(Object value) {
        if (!(value instanceof Serializable)) {
            throw new InvalidInputException("A value of " + value.getClass().getName()
                    + " can't be stored: convert it to text, bytes or a map before the aggregation.");
        }
        return tagged(JAVA, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(allowed.serialize(value))));
    }

    private static AttributeValue tagged(String type, AttributeValue value) {
        return AttributeValue.fromM(Map.of(TYPE, AttributeValue.fromS(type), VALUE, value));
    }

    /**
     * The value of an attribute value.
     *
     * @throws DynaStoreException if it can't be read, or names a class that is not allowed
     */
    @Nullable
    Object decode(AttributeValue value, ExchangeDecoder exchanges) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> Long.valueOf(value.n());
            case B -> value.b().asByteArray();
            case BOOL -> value.bool();
            case NUL -> null;
            case M -> value.m().containsKey(TYPE) ? typed(value.m(), exchanges) : map(value.m(), exchanges);
            case L -> list(value.l(), exchanges);
            default -> throw new DynaStoreException("A stored value has the unknown type " + value.type() + ".");
        };
    }

    private Map<String, @Nullable Object> map(Map<String, AttributeValue> members, ExchangeDecoder exchanges) {
        Map<String, @Nullable Object> map = new HashMap<>(members.size() * 2);
        members.forEach((name, member) -> map.put(name, decode(member, exchanges)));
        return map;
    }

    private List<@Nullable Object> list(List<AttributeValue> members, ExchangeDecoder exchanges) {
        List<@Nullable Object> list = new ArrayList<>(members.size());
        members.forEach(member -> list.add(decode(member, exchanges)));
        return list;
    }

    private Object typed(Map<String, AttributeValue> tagged, ExchangeDecoder exchanges) {
        String name = Objects.requireNonNull(tagged.get(TYPE)).s();
        AttributeValue value = Objects.requireNonNull(tagged.get(VALUE));
        TextType<?> type = TextType.named(name);
        if (type != null) {
            return type.parse().apply(value.s());
        }
        return switch (name) {
            case "LinkedHashMap" -> ordered(value.l(), exchanges);
            case "LinkedHashSet" -> new LinkedHashSet<>(list(value.l(), exchanges));
            case JAVA -> allowed.deserialize(value.b().asByteArrayUnsafe(), exchanges.loader());
            default -> exchange(new Typed(name, value.m()), exchanges);
        };
    }

    private static Object exchange(Typed typed, ExchangeDecoder exchanges) {
        Object exchange = exchanges.decode(typed);
        if (exchange == null) {
            throw new DynaStoreException("A stored value has the unknown type " + typed.type() + ".");
        }
        return exchange;
    }

    private Map<String, @Nullable Object> ordered(List<AttributeValue> entries, ExchangeDecoder exchanges) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(entries.size());
        for (int i = 0; i < entries.size(); i += 2) {
            map.put(entries.get(i).s(), decode(entries.get(i + 1), exchanges));
        }
        return map;
    }
}
