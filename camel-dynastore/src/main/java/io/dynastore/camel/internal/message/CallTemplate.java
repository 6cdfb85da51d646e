/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;

/**
 * The calls of one operation as the URI describes them: its options are read once, and the headers of each message are
 * put over them. Thread safe.
 *
 * @param <B> what collects the options of such a call
 */
final class CallTemplate<B> {

    private final List<OptionBinding<B, ?>> options;
    private final B fromUri;
    private final UnaryOperator<B> copy;

    CallTemplate(
            List<OptionBinding<B, ?>> options, B empty, UnaryOperator<B> copy, DynaStoreConfiguration configuration) {
        this.options = options;
        this.fromUri = empty;
        this.copy = copy;
        options.forEach(option -> option.fromUri(configuration, fromUri));
    }

    /** What the URI says. */
    B copy() {
        return copy.apply(fromUri);
    }

    /** What the URI says, and any header of a message in its place. */
    B copy(CamelContext context, Message message) {
        return copy(context, message, Set.of());
    }

    /**
     * What the URI says, and the headers of a message in its place.
     *
     * @param fixed headers that are not heeded
     * @throws io.dynastore.store.InvalidInputException naming the header, if its value can't be converted
     */
    B copy(CamelContext context, Message message, Set<String> fixed) {
        B call = copy();
        for (OptionBinding<B, ?> option : options) {
            if (!fixed.contains(option.header())) {
                option.fromHeader(context, message, call);
            }
        }
        return call;
    }
}
