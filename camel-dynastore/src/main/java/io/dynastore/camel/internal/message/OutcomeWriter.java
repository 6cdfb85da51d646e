/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.UnresolvedWrite;
import io.dynastore.store.Call;
import io.dynastore.store.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Writes the outcome of a call into the message, and what the exchange has seen into the exchange. Thread safe.
 *
 * <p>A header that an operation has nothing to say about is removed, also when it fails, so that an earlier one is
 * never taken for its result. The token for the next page is an input as well, and so stays if a list fails.
 */
public final class OutcomeWriter {

    /** The headers that are only ever written. */
    public static final List<String> OUTPUTS = List.of(
            DynaStoreConstants.VERSION,
            DynaStoreConstants.VERSIONS,
            DynaStoreConstants.EXPIRES,
            DynaStoreConstants.ITEM_FIELDS,
            DynaStoreConstants.FOUND,
            DynaStoreConstants.COUNT,
            DynaStoreConstants.CONSUMED_CAPACITY,
            DynaStoreConstants.LOCK_EXPIRES);

    private static final String PREFIX = "CamelDynaStore";

    private final TableLocation location;
    private final TableErrorLog errors;

    public OutcomeWriter(TableLocation location) {
        this.location = location;
        this.errors = TableErrorLog.of(location);
    }

    /** Where the endpoint says that its table can't be used. */
    public TableErrorLog errors() {
        return errors;
    }

    /** Removes the results of earlier operations. */
    public static void clear(Message message) {
        if (!message.hasHeaders()) {
            return;
        }
        // One walk over what is there costs less than a search for each of those that hardly ever are.
        List<String> left = List.of();
        for (String header : message.getHeaders().keySet()) {
            if (isOutput(header)) {
                left = left.isEmpty() ? new ArrayList<>() : left;
                left.add(header);
            }
        }
        left.forEach(message::removeHeader);
    }

    /** Camel's headers have no upper or lower case. */
    private static boolean isOutput(String header) {
        if (!header.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
            return false;
        }
        for (String output : OUTPUTS) {
            if (output.equalsIgnoreCase(header)) {
                return true;
            }
        }
        return false;
    }

    /** Keeps what a redelivery needs to recognise a write whose outcome is unknown. */
    public void failed(Exchange exchange, Call<?> call, @Nullable Throwable error) {
        errors.report(error);
        if (call.operation().writes()) {
            UnresolvedWrite.keep(exchange, location, error);
        }
    }

    /** Writes the outcome of a call, and removes the inputs of a write: they must not be taken for the next one's. */
    public void write(Exchange exchange, Call<?> call, Outcome outcome) {
        errors.clear();
        Message message = exchange.getMessage();
        message.setHeader(DynaStoreConstants.CONSUMED_CAPACITY, outcome.consumedCapacity());
        if (call.operation().writes()) {
            message.removeHeader(DynaStoreConstants.EXPECTED_VERSION);
            message.removeHeader(DynaStoreConstants.FIELDS);
            UnresolvedWrite.forget(exchange);
        }
        OutcomeMessage written = new OutcomeMessage(exchange, location, call);
        outcome.writeTo(written);
        written.end();
    }
}
