/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.PayloadMode;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to replace a flat item of which the exchange has read a selection of the fields. A replacement removes what
 * it does not name, and so what was not read. Thread safe.
 *
 * @param flat whether the items of the table are flat
 */
record WholeItems(TableLocation location, boolean flat) {

    /**
     * Checks a write of an item that may exist.
     *
     * @param item the item in the body that is written; null if it is another value
     * @throws InvalidInputException if it would remove what was not read
     */
    void check(Exchange exchange, Key key, PayloadMode mode, @Nullable Item item) {
        if (!flat || mode.change() != PayloadMode.REPLACE) {
            return;
        }
        SeenVersions versions = ExchangeState.of(exchange).seen();
        SeenVersions.Seen seen = versions.item(location, key);
        boolean streamed = item != null && item.key().equals(key) && versions.isStreamedInPart(location, key);
        if (streamed || (seen != null && seen.partial())) {
            throw new InvalidInputException("This exchange has read the item with a selection of its fields, and a flat"
                    + " payload replaces all of them: those that were not read would be lost. Read the item with"
                    + " fields=all, or write with payloadMode=flatMerge.");
        }
    }
}
