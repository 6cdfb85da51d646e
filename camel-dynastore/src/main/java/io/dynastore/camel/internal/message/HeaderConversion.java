/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.store.InvalidInputException;
import java.math.BigDecimal;
import org.apache.camel.CamelContext;
import org.apache.camel.TypeConversionException;

/**
 * Reads a header's value as a type, by Camel's converters.
 *
 * <p>Decision 15 in docs/decisions has the reasons.
 */
public final class HeaderConversion {

    private HeaderConversion() {}

    /**
     * The value as that type.
     *
     * @throws InvalidInputException naming the header, never its value, if it can't be converted
     */
    public static <T> T convert(CamelContext context, String header, Object given, Class<T> type) {
        if (type.isInstance(given)) {
            return type.cast(given);
        }
        T value;
        try {
            if (given instanceof Number number && Number.class.isAssignableFrom(type)) {
                // Camel's converters cut what does not fit.
                BigDecimal exact = new BigDecimal(number.toString());
                return type.cast(
                        type == Integer.class ? (Number) exact.intValueExact() : (Number) exact.longValueExact());
            }
            value = context.getTypeConverter().tryConvertTo(type, given);
        } catch (TypeConversionException | IllegalArgumentException | ArithmeticException e) {
            value = null;
        }
        if (value == null) {
            throw new InvalidInputException(
                    "The header " + header + " can't be read as " + type.getSimpleName() + ": correct or remove it.");
        }
        return value;
    }
}
