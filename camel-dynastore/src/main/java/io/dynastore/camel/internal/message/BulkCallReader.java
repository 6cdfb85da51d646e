/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConfiguration;
import io.dynastore.camel.internal.client.ClaimIndexes;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.BulkCall;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Operation;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.Write;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Makes the calls of exchanges that write many items. Thread safe. */
final class BulkCallReader {

    private final CamelContext context;
    private final TableLocation location;
    private final BulkReader entries;
    private final WriteConditions conditions;
    private final Executor threads;
    private final Map<Operation, CallTemplate<BulkCall.Builder>> bulks = new EnumMap<>(Operation.class);

    /**
     * Reads what the URI says.
     *
     * @param threads where the bodies are read
     * @throws InvalidInputException naming the option, if it can't be meant so
     */
    BulkCallReader(
            CamelContext context,
            DynaStoreConfiguration options,
            TableLocation location,
            BulkReader entries,
            WriteConditions conditions,
            Executor threads) {
        this.context = context;
        this.location = location;
        this.entries = entries;
        this.conditions = conditions;
        this.threads = threads;
        bulk(CallOptions.PUT_ALL, Operation.PUT_ALL, options);
        bulk(CallOptions.CREATE_ALL, Operation.CREATE_ALL, options);
        bulk(CallOptions.DELETE_ALL, Operation.DELETE_ALL, options);
    }

    private void bulk(
            List<OptionBinding<BulkCall.Builder, ?>> heeded, Operation operation, DynaStoreConfiguration options) {
        CallTemplate<BulkCall.Builder> template = new CallTemplate<>(
                heeded,
                BulkCall.builder(operation).claimIndex(ClaimIndexes.of(options)),
                BulkCall.Builder::copy,
                options);
        // Numbers out of bounds are errors of the start.
        template.copy().entries(Collections.emptyIterator(), Write.class::cast).build();
        bulks.put(operation, template);
    }

    /** Entries are read when they can be sent, on the threads of the routes. */
    BulkCall bulk(Exchange exchange, Operation operation) {
        BulkCall.Builder call = Objects.requireNonNull(bulks.get(operation)).copy(context, exchange.getMessage());
        PayloadFormat format = call.payloadFormat();
        PayloadMode mode = call.payloadMode();
        boolean locking = conditions.locking(exchange.getMessage());
        call.fencingToken(conditions.fencingToken(exchange)).executor(threads);
        Write.Kind kind = call.kind();
        return call.entries(
                        entries.entries(exchange, format, operation.text()),
                        new BulkEntries(
                                exchange,
                                location,
                                entry -> entries.write(exchange, entry, kind, format, mode, locking)))
                .build();
    }
}
