/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.store.BulkOutcomes;
import io.dynastore.store.Key;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Exchange;

/**
 * Reads the entries of a bulk call, and counts those whose items the exchange has seen before. So it keeps no more keys
 * than the exchange does. Used by one thread at a time.
 *
 * <p>Decision 23 in docs/decisions has the reasons.
 */
final class BulkEntries implements Function<Object, Write> {

    private final TableLocation location;
    private final SeenVersions before;
    private final Function<Object, Write> reader;
    private final Map<Key, Integer> seen = new HashMap<>();

    BulkEntries(Exchange exchange, TableLocation location, Function<Object, Write> reader) {
        this.location = location;
        this.before = ExchangeState.of(exchange).seen();
        this.reader = reader;
    }

    @Override
    public Write apply(Object entry) {
        Write write = reader.apply(entry);
        if (before.item(location, write.key()) != null) {
            seen.merge(write.key(), 1, Integer::sum);
        }
        return write;
    }

    /**
     * The versions that are known after the call. It does not return those that it has produced, so that the items it
     * has written are forgotten. An item stays as it was seen if no entry of its key was or may have been applied.
     */
    SeenVersions after(SeenVersions versions, BulkOutcomes outcomes) {
        Map<Key, Integer> written = new HashMap<>(seen);
        outcomes.failures().stream()
                .filter(failure -> failure.key() != null && !(failure.error() instanceof OutcomeUnknownException))
                .forEach(failure -> written.computeIfPresent(
                        failure.key(), (key, entries) -> entries == 1 ? null : Integer.valueOf(entries - 1)));
        SeenVersions left = versions;
        for (Key key : written.keySet()) {
            left = left.written(location, key, null, null);
        }
        return left;
    }
}
