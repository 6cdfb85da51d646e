/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableErrorLog;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeItemStream;
import io.dynastore.camel.internal.exchange.ListQueryKey;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.camel.internal.exchange.UnresolvedWrite;
import io.dynastore.store.Call;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.Write;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Writes the outcome of a call into the message, and what the exchange has seen into the exchange. Thread safe.
 *
 * <p>A header that an operation has nothing to say about is removed, also when it fails, so that an earlier one is never
 * taken for its result. The token for the next page is an input as well, and so stays if a list fails.
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
    private final TableErrorLog trouble;

    public OutcomeWriter(TableLocation location) {
        this.location = location;
        this.trouble = TableErrorLog.of(location);
    }

    /** Where the endpoint says that its table can't be used. */
    public TableErrorLog trouble() {
        return trouble;
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
    public void failed(Exchange exchange, Call call, @Nullable Throwable error) {
        trouble.report(error);
        if (call.operation().writes()) {
            UnresolvedWrite.keep(exchange, location, error);
        }
    }

    public void write(Exchange exchange, Call call, Outcome outcome) {
        trouble.clear();
        Message message = exchange.getMessage();
        message.setHeader(DynaStoreConstants.CONSUMED_CAPACITY, outcome.consumedCapacity());
        if (outcome instanceof Outcome.Written written) {
            written(exchange, message, written);
        } else if (outcome instanceof Outcome.Deleted deleted) {
            removeInputs(exchange, message);
            see(exchange, deleted.key(), null, null);
        } else if (outcome instanceof Outcome.Read read) {
            read(exchange, message, read);
        } else if (outcome instanceof Outcome.Existence existence) {
            existence(exchange, message, existence);
        } else if (outcome instanceof Outcome.Page page) {
            page(exchange, message, call, page);
        } else if (outcome instanceof Outcome.Streamed streamed) {
            stream(exchange, message, streamed.items());
        } else if (outcome instanceof Outcome.Transacted transacted) {
            transacted(exchange, message, call, transacted);
        } else if (outcome instanceof Outcome.Batch batch) {
            message.setBody(batch.items());
            SeenVersions.of(exchange).with(location, batch.items()).keep(exchange);
        }
    }

    private void written(Exchange exchange, Message message, Outcome.Written written) {
        removeInputs(exchange, message);
        set(message, DynaStoreConstants.VERSION, written.version());
        set(message, DynaStoreConstants.EXPIRES, written.expires());
        see(exchange, written.key(), written.version(), written.incarnation());
    }

    private void transacted(Exchange exchange, Message message, Call call, Outcome.Transacted transacted) {
        removeInputs(exchange, message);
        message.setHeader(DynaStoreConstants.VERSIONS, transacted.versions());
        SeenVersions seen = SeenVersions.of(exchange);
        for (int i = 0; i < call.writes().size(); i++) {
            Write write = call.writes().get(i);
            // A check leaves the item, and so what was seen of it, as it is.
            if (write.kind() != Write.Kind.CHECK) {
                seen = seen.with(location, write.key(), transacted.versions().get(i), null);
            }
        }
        seen.keep(exchange);
    }

    private void read(Exchange exchange, Message message, Outcome.Read read) {
        Item item = read.item();
        message.setHeader(DynaStoreConstants.FOUND, item != null);
        message.setBody(item == null ? null : item.payload());
        if (item != null) {
            message.setHeader(DynaStoreConstants.VERSION, item.version());
            set(message, DynaStoreConstants.EXPIRES, item.expires());
            message.setHeader(DynaStoreConstants.ITEM_FIELDS, item.fields());
        }
        see(exchange, read.key(), item == null ? null : (Long) item.version(), read.incarnation());
    }

    private void existence(Exchange exchange, Message message, Outcome.Existence existence) {
        boolean found = existence.version() != null;
        message.setHeader(DynaStoreConstants.FOUND, found);
        message.setBody(found);
        set(message, DynaStoreConstants.VERSION, existence.version());
        set(message, DynaStoreConstants.EXPIRES, existence.expires());
        see(exchange, existence.key(), existence.version(), existence.incarnation());
    }

    private void page(Exchange exchange, Message message, Call call, Outcome.Page page) {
        message.setBody(page.items());
        message.setHeader(DynaStoreConstants.COUNT, page.items().size());
        message.removeHeader(DynaStoreConstants.NEXT_TOKEN);
        set(message, DynaStoreConstants.NEXT_TOKEN, page.nextToken());
        SeenVersions seen = SeenVersions.of(exchange).with(location, page.items());
        if (page.nextToken() != null) {
            seen = seen.with(page.nextToken(), ListQueryKey.of(location, call));
        }
        seen.keep(exchange);
    }

    /**
     * The stream ends with the exchange, whatever comes of that. The versions of its items are not remembered, there may be any
     * number of them; each Item has its own.
     */
    private static void stream(Exchange exchange, Message message, ItemStream items) {
        message.setBody(ExchangeItemStream.of(exchange, items));
        message.removeHeader(DynaStoreConstants.NEXT_TOKEN);
    }

    private void see(Exchange exchange, Key key, @Nullable Long version, @Nullable Incarnation incarnation) {
        SeenVersions.of(exchange).with(location, key, version, incarnation).keep(exchange);
    }

    /** What was meant for one write must not be taken for the next one's. */
    private static void removeInputs(Exchange exchange, Message message) {
        message.removeHeader(DynaStoreConstants.EXPECTED_VERSION);
        message.removeHeader(DynaStoreConstants.FIELDS);
        UnresolvedWrite.forget(exchange);
    }

    private static void set(Message message, String header, @Nullable Object value) {
        if (value != null) {
            message.setHeader(header, value);
        }
    }
}
