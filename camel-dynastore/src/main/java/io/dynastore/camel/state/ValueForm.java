/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Texts;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
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
 * any other that is allowed                     {"_dstype": "java", "_dsvalue": its serialized form}
 * </pre>
 */
final class ValueForm {

    private static final String TYPE = "_dstype";
    private static final String VALUE = "_dsvalue";
    private static final String JAVA = "java";
    private static final int DEEPEST = 100;

    /** A type whose values have a text that is read as the same value. */
    private record TextType<T>(Class<T> type, Function<T, String> text, Function<String, T> parse) {

        static <T> TextType<T> of(Class<T> type, Function<String, T> parse) {
            return new TextType<>(type, Object::toString, parse);
        }

        String write(Object value) {
            return text.apply(type.cast(value));
        }
    }

    private static final List<TextType<?>> TEXT_TYPES = List.of(
            TextType.of(Integer.class, Integer::valueOf),
            TextType.of(Short.class, Short::valueOf),
            TextType.of(Byte.class, Byte::valueOf),
            TextType.of(Double.class, Double::valueOf),
            TextType.of(Float.class, Float::valueOf),
            TextType.of(BigInteger.class, BigInteger::new),
            TextType.of(BigDecimal.class, BigDecimal::new),
            TextType.of(UUID.class, UUID::fromString),
            TextType.of(Instant.class, Instant::parse),
            TextType.of(Duration.class, Duration::parse),
            TextType.of(LocalDate.class, LocalDate::parse),
            TextType.of(LocalDateTime.class, LocalDateTime::parse),
            TextType.of(OffsetDateTime.class, OffsetDateTime::parse),
            TextType.of(ZonedDateTime.class, ZonedDateTime::parse),
            new TextType<>(Date.class, date -> date.toInstant().toString(), text -> Date.from(Instant.parse(text))));

    private static final Map<Class<?>, TextType<?>> BY_CLASS = new HashMap<>();
    private static final Map<String, TextType<?>> BY_NAME = new HashMap<>();

    static {
        TEXT_TYPES.forEach(each -> {
            BY_CLASS.put(each.type(), each);
            BY_NAME.put(each.type().getSimpleName(), each);
        });
    }

    private final AllowedClasses allowed;

    ValueForm(AllowedClasses allowed) {
        this.allowed = allowed;
    }

    /**
     * The attribute value of a value.
     *
     * @throws InvalidInputException if it can't be stored; the message has its class and no part of it
     */
    AttributeValue encode(@Nullable Object value) {
        return encode(value, 1);
    }

    private AttributeValue encode(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new InvalidInputException("A value is nested more than " + DEEPEST
                    + " levels deep, or refers to itself: flatten it before the aggregation.");
        }
        AttributeValue scalar = scalar(value);
        if (scalar != null) {
            return scalar;
        }
        if (value instanceof Map<?, ?> map && isPlainMap(map) && hasTexts(map.keySet())) {
            return map(map, depth);
        }
        if (value instanceof List<?> list && isPlainList(list)) {
            return AttributeValue.fromL(members(list, depth));
        }
        if (value instanceof Set<?> set && isPlainSet(set)) {
            return tagged("LinkedHashSet", AttributeValue.fromL(members(set, depth)));
        }
        return serialized(Objects.requireNonNull(value));
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
        TextType<?> type = BY_CLASS.get(value.getClass());
        return type == null ? null : tagged(type.type().getSimpleName(), AttributeValue.fromS(type.write(value)));
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

    private AttributeValue map(Map<?, ?> map, int depth) {
        if (map.getClass() != HashMap.class
                && !map.getClass().getName().startsWith("java.util.ImmutableCollections$")) {
            List<AttributeValue> entries = new ArrayList<>(map.size() * 2);
            map.forEach((key, member) -> {
                entries.add(AttributeValue.fromS((String) key));
                entries.add(encode(member, depth + 1));
            });
            return tagged("LinkedHashMap", AttributeValue.fromL(entries));
        }
        Map<String, AttributeValue> members = new HashMap<>(map.size() * 2);
        map.forEach((key, member) -> members.put((String) key, encode(member, depth + 1)));
        return AttributeValue.fromM(members);
    }

    private List<AttributeValue> members(Collection<?> values, int depth) {
        List<AttributeValue> members = new ArrayList<>(values.size());
        values.forEach(each -> members.add(encode(each, depth + 1)));
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
     * @param loader loads the classes of serialized values
     * @throws DynaStoreException if it can't be read, or names a class that is not allowed
     */
    @Nullable
    Object decode(AttributeValue value, ClassLoader loader) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> Long.valueOf(value.n());
            case B -> value.b().asByteArray();
            case BOOL -> value.bool();
            case NUL -> null;
            case M -> value.m().containsKey(TYPE) ? typed(value.m(), loader) : map(value.m(), loader);
            case L -> list(value.l(), loader);
            default -> throw new DynaStoreException("A stored value has the unknown type " + value.type() + ".");
        };
    }

    private Map<String, @Nullable Object> map(Map<String, AttributeValue> members, ClassLoader loader) {
        Map<String, @Nullable Object> map = new HashMap<>(members.size() * 2);
        members.forEach((name, member) -> map.put(name, decode(member, loader)));
        return map;
    }

    private List<@Nullable Object> list(List<AttributeValue> members, ClassLoader loader) {
        List<@Nullable Object> list = new ArrayList<>(members.size());
        members.forEach(member -> list.add(decode(member, loader)));
        return list;
    }

    private Object typed(Map<String, AttributeValue> tagged, ClassLoader loader) {
        String name = Objects.requireNonNull(tagged.get(TYPE)).s();
        AttributeValue value = Objects.requireNonNull(tagged.get(VALUE));
        TextType<?> type = BY_NAME.get(name);
        if (type != null) {
            return type.parse().apply(value.s());
        }
        return switch (name) {
            case "LinkedHashMap" -> ordered(value.l(), loader);
            case "LinkedHashSet" -> new LinkedHashSet<>(list(value.l(), loader));
            case JAVA -> allowed.deserialize(value.b().asByteArrayUnsafe(), loader);
            default -> throw new DynaStoreException("A stored value has the unknown type " + name + ".");
        };
    }

    private Map<String, @Nullable Object> ordered(List<AttributeValue> entries, ClassLoader loader) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(entries.size());
        for (int i = 0; i < entries.size(); i += 2) {
            map.put(entries.get(i).s(), decode(entries.get(i + 1), loader));
        }
        return map;
    }
}
