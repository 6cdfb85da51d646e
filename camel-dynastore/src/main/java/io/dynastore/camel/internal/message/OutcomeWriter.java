/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.LeftOvers;
import io.dynastore.camel.internal.exchange.UnresolvedWrite;
import io.dynastore.store.BulkCall;
import io.dynastore.store.BulkStoppedException;
import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.codec.PayloadCodec;
import java.math.BigInteger;
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
            DynaStoreConstants.OUTCOMES,
            DynaStoreConstants.EXPIRES,
            DynaStoreConstants.ITEM_FIELDS,
            DynaStoreConstants.FOUND,
            DynaStoreConstants.COUNT,
            DynaStoreConstants.CONSUMED_CAPACITY,
            DynaStoreConstants.LOCK_EXPIRES);

    private static final String PREFIX = "CamelDynaStore";

    private final TableLocation location;
    private final PayloadCodec codec;
    private final TableErrorLog errors;

    /** @param codec wrote the payloads of what is read */
    public OutcomeWriter(TableLocation location, PayloadCodec codec) {
        this.location = location;
        this.codec = codec;
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

    /**
     * Keeps what a repetition of a failed write needs to be recognised if its outcome is unknown. An expected version
     * stays in its header, and is bound to its item: an error handler may write another one.
     */
    public void failed(Exchange exchange, Call<?> call, @Nullable Throwable error) {
        errors.report(error instanceof BulkStoppedException stopped ? stopped.getCause() : error);
        if (error instanceof BulkStoppedException stopped) {
            exchange.getMessage().setHeader(DynaStoreConstants.OUTCOMES, stopped.outcomes());
            if (call instanceof BulkCall bulk && bulk.reader() instanceof BulkEntries entries) {
                ExchangeState.change(exchange, state -> state.with(entries.after(state.seen(), stopped.outcomes())));
            }
        }
        if (call.operation().writes()) {
            ExchangeState.change(exchange, state -> state.unresolved(UnresolvedWrite.of(location, error)));
        }
        if (call instanceof ConditionalCall<?> write && write.expectedVersion() != null) {
            bindExpectedVersion(exchange, write.key(), write.expectedVersion());
        }
    }

    /** The header becomes an object that no other header is. If the route sets another one, that is an input again. */
    private void bindExpectedVersion(Exchange exchange, Key key, long version) {
        Message message = exchange.getMessage();
        LeftOvers others = ExchangeState.of(exchange).leftOvers();
        Object given = message.getHeader(DynaStoreConstants.EXPECTED_VERSION);
        if (given != null && !others.isVersionOfAnother(given, location, key)) {
            Object header = new BigInteger(Long.toString(version));
            message.setHeader(DynaStoreConstants.EXPECTED_VERSION, header);
            LeftOvers bound = others.withRefused(new LeftOvers.RefusedVersion(location, key, header));
            ExchangeState.change(exchange, state -> state.with(bound));
        }
    }

    private void removeInputs(Exchange exchange, Call<?> call) {
        Message message = exchange.getMessage();
        Object given = message.getHeader(DynaStoreConstants.EXPECTED_VERSION);
        boolean another = call instanceof ConditionalCall<?> write
                && ExchangeState.of(exchange).leftOvers().isVersionOfAnother(given, location, write.key());
        if (!another) {
            message.removeHeader(DynaStoreConstants.EXPECTED_VERSION);
        }
        message.removeHeader(DynaStoreConstants.FIELDS);
        message.removeHeader(DynaStoreConstants.INCREMENTS);
        message.removeHeader(DynaStoreConstants.PAYLOAD_MODE);
        message.removeHeader(DynaStoreConstants.TTL);
        message.removeHeader(DynaStoreConstants.DELIVER_AFTER);
    }

    /** Writes the outcome of a call, and removes the inputs of a write: they must not be taken for the next one's. */
    public void write(Exchange exchange, Call<?> call, Outcome outcome) {
        errors.clear();
        Message message = exchange.getMessage();
        message.setHeader(DynaStoreConstants.CONSUMED_CAPACITY, outcome.consumedCapacity());
        if (call.operation().writes()) {
            removeInputs(exchange, call);
        }
        OutcomeMessage written = new OutcomeMessage(exchange, location, codec, call);
        outcome.writeTo(written);
        written.end();
    }
}
