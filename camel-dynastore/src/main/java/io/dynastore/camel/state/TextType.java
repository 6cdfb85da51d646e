/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A type whose values have a text that is read as the same value.
 *
 * @param text writes it
 * @param parse reads it
 */
record TextType<T>(Class<T> type, Function<T, String> text, Function<String, T> parse) {

    private static final List<TextType<?>> ALL = List.of(
            of(Integer.class, Integer::valueOf),
            of(Short.class, Short::valueOf),
            of(Byte.class, Byte::valueOf),
            of(Double.class, Double::valueOf),
            of(Float.class, Float::valueOf),
            of(BigInteger.class, BigInteger::new),
            of(BigDecimal.class, BigDecimal::new),
            of(UUID.class, UUID::fromString),
            of(Instant.class, Instant::parse),
            of(Duration.class, Duration::parse),
            of(LocalDate.class, LocalDate::parse),
            of(LocalDateTime.class, LocalDateTime::parse),
            of(OffsetDateTime.class, OffsetDateTime::parse),
            of(ZonedDateTime.class, ZonedDateTime::parse),
            new TextType<>(Date.class, date -> date.toInstant().toString(), text -> Date.from(Instant.parse(text))));

    private static final Map<Class<?>, TextType<?>> BY_CLASS = new HashMap<>();
    private static final Map<String, TextType<?>> BY_NAME = new HashMap<>();

    static {
        ALL.forEach(each -> {
            BY_CLASS.put(each.type(), each);
            BY_NAME.put(each.name(), each);
        });
    }

    private static <T> TextType<T> of(Class<T> type, Function<String, T> parse) {
        return new TextType<>(type, Object::toString, parse);
    }

    /** The type of a value; null if it is none of these. */
    static @Nullable TextType<?> of(Object value) {
        return BY_CLASS.get(value.getClass());
    }

    /** The type of this name; null if it is none of these. */
    static @Nullable TextType<?> named(String name) {
        return BY_NAME.get(name);
    }

    String name() {
        return type.getSimpleName();
    }

    String write(Object value) {
        return text.apply(type.cast(value));
    }
}
