/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.codec.SingleValues;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.TypeConversionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a header's value as a type, by Camel's converters. Only a single value has a type: see {@link SingleValues}.
 *
 * <p>Decision 15 in docs/decisions has the reasons.
 */
public final class HeaderConversion {

    /** No whole number that fits has more digits; longer text would only cost time. */
    private static final int LONGEST_NUMBER = 40;

    private HeaderConversion() {}

    /**
     * The value as that type.
     *
     * @throws InvalidInputException naming the header and what it should be, never its value, if it can't be converted
     */
    public static <T> T convert(CamelContext context, String header, Object given, Class<T> type) {
        if (type.isInstance(given)) {
            return type.cast(given);
        }
        T value;
        try {
            value = converted(context, given, type);
        } catch (TypeConversionException | IllegalArgumentException | ArithmeticException e) {
            value = null;
        }
        if (value == null) {
            throw new InvalidInputException("The header " + header + " can't be read as " + type.getSimpleName()
                    + ", it is a " + given.getClass().getName() + ": give " + wanted(type) + ", or remove it.");
        }
        return value;
    }

    private static <T> @Nullable T converted(CamelContext context, Object given, Class<T> type) {
        if (type == String.class) {
            return type.cast(SingleValues.text(given));
        }
        Object single = SingleValues.plain(given);
        if (single instanceof Number number && Number.class.isAssignableFrom(type)) {
            // Camel's converters cut what does not fit.
            BigDecimal exact = number instanceof BigDecimal decimal ? decimal : exact(number.toString());
            return type.cast(type == Integer.class ? (Number) exact.intValueExact() : (Number) exact.longValueExact());
        }
        return single == null ? null : context.getTypeConverter().tryConvertTo(type, single);
    }

    private static BigDecimal exact(String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new NumberFormatException();
        }
        return new BigDecimal(text);
    }

    private static String wanted(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        return type == Boolean.class
                ? "true or false"
                : Number.class.isAssignableFrom(type) ? "a whole number" : "text";
    }
}
