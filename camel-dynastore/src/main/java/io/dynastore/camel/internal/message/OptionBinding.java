/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.store.InvalidInputException;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * One option that is taken from the URI or, in its place, from a header.
 *
 * <p>Decision 1 in docs/decisions has the reasons.
 *
 * @param <B> what the value goes into
 * @param <T> the value
 * @param header the header's name
 * @param option the URI option's name
 * @param type what the header's value is converted to
 * @param uri the URI's value; null where it is not set
 * @param into where the value lands
 */
public record OptionBinding<B, T>(
        String header,
        String option,
        Class<T> type,
        Function<DynaStoreConfiguration, @Nullable T> uri,
        BiConsumer<B, T> into) {

    /** Takes over the URI's value, if it is set. */
    public void fromUri(DynaStoreConfiguration options, B builder) {
        T value = uri.apply(options);
        if (value != null) {
            into.accept(builder, value);
        }
    }

    /**
     * Takes over the header's value, if there is one.
     *
     * @throws InvalidInputException naming the header, if its value can't be converted
     */
    public void fromHeader(CamelContext context, Message message, B builder) {
        Object given = message.getHeader(header);
        if (given != null) {
            into.accept(
                    builder,
                    type == Duration.class
                            ? type.cast(DurationParser.read("The header " + header, given))
                            : HeaderConversion.convert(context, header, given, type));
        }
    }
}
