/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
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
 * What attribute values are in Java, written down here a second time and independently of the store: a route hands in
 * {@link #written}, and gets back {@link #read}.
 */
final class JavaValues {

    /** Bytes that are equal if their content is, and that an assertion can print. */
    record Hex(String digits) {}

    private JavaValues() {}

    /** A value to write, with its numbers in the very form in which the Go library sent them. */
    static @Nullable Object written(AttributeValue value) {
        return java(value, JavaValues::numberWritten);
    }

    /** The value that a read is expected to give, ready for comparison with {@link #comparable}. */
    static @Nullable Object read(@Nullable AttributeValue value) {
        return value == null ? null : comparable(java(value, JavaValues::numberRead));
    }

    /** A value that was read, in a form whose {@code equals} looks at contents. Long and BigDecimal stay different. */
    static @Nullable Object comparable(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return new Hex(HexFormat.of().formatHex(bytes));
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.stripTrailingZeros();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> members.put(String.valueOf(name), comparable(member)));
            return members;
        }
        if (value instanceof Set<?> set) {
            Set<@Nullable Object> members = new HashSet<>();
            set.forEach(member -> members.add(comparable(member)));
            return members;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> members = new ArrayList<>();
            list.forEach(member -> members.add(comparable(member)));
            return members;
        }
        return value;
    }

    private static @Nullable Object java(AttributeValue value, Function<String, Number> number) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> number.apply(value.n());
            case B -> value.b().asByteArray();
            case BOOL -> value.bool();
            case NUL -> null;
            case L -> list(value.l(), number);
            case M -> map(value.m(), number);
            case SS -> new LinkedHashSet<>(value.ss());
            case NS -> new LinkedHashSet<>(value.ns().stream().map(number).toList());
            case BS ->
                new LinkedHashSet<>(
                        value.bs().stream().map(SdkBytes::asByteArray).toList());
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException();
        };
    }

    private static List<@Nullable Object> list(List<AttributeValue> values, Function<String, Number> number) {
        List<@Nullable Object> members = new ArrayList<>();
        values.forEach(member -> members.add(java(member, number)));
        return members;
    }

    private static Map<String, @Nullable Object> map(
            Map<String, AttributeValue> values, Function<String, Number> number) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        values.forEach((name, member) -> members.put(name, java(member, number)));
        return members;
    }

    /** Only a double is NaN or a negative zero. */
    private static Number numberWritten(String text) {
        if (text.equals("NaN") || text.equals("-0")) {
            return Double.valueOf(text);
        }
        return text.matches("-?\\d{1,18}") ? (Number) Long.valueOf(text) : new BigDecimal(text);
    }

    private static Number numberRead(String text) {
        BigDecimal exact = new BigDecimal(text);
        try {
            return exact.longValueExact();
        } catch (ArithmeticException e) {
            return exact;
        }
    }
}
