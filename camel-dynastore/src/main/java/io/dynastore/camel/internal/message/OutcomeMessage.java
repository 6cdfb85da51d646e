/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.message;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.camel.internal.exchange.ExchangeItemStream;
import io.dynastore.camel.internal.exchange.ExchangeState;
import io.dynastore.camel.internal.exchange.ListQueryKey;
import io.dynastore.camel.internal.exchange.SeenVersions;
import io.dynastore.store.BatchGetCall;
import io.dynastore.store.BulkCall;
import io.dynastore.store.BulkOutcomes;
import io.dynastore.store.Call;
import io.dynastore.store.GetCall;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import io.dynastore.store.Key;
import io.dynastore.store.ListCall;
import io.dynastore.store.Outcome;
import io.dynastore.store.PayloadFormat;
import io.dynastore.store.PayloadMode;
import io.dynastore.store.StreamCall;
import io.dynastore.store.TransactCall;
import io.dynastore.store.WriteCall;
import io.dynastore.store.codec.PayloadCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Where each part of an outcome stands in a message. Not thread safe; made for one exchange. */
final class OutcomeMessage implements Outcome.Sink {

    private final Exchange exchange;
    private final Message message;
    private final TableLocation location;
    private final PayloadCodec codec;
    private final Call<?> call;
    private ExchangeState state;

    OutcomeMessage(Exchange exchange, TableLocation location, PayloadCodec codec, Call<?> call) {
        this.exchange = exchange;
        this.message = exchange.getMessage();
        this.location = location;
        this.codec = codec;
        this.call = call;
        this.state = ExchangeState.of(exchange);
    }

    @Override
    public void body(@Nullable Object body) {
        message.setBody(body);
    }

    @Override
    public void items(List<Item> items) {
        message.setBody(json() ? new ListedItems(items, codec) : items);
    }

    private boolean json() {
        PayloadFormat format = call instanceof ListCall list
                ? list.options().payloadFormat()
                : call instanceof BatchGetCall batch ? batch.payloadFormat() : PayloadFormat.AUTO;
        return format == PayloadFormat.JSON;
    }

    /**
     * The stream ends with the exchange in any case. The versions of its items are not remembered, as there may be any
     * number of them; each Item has its own.
     */
    @Override
    public void stream(ItemStream items) {
        state = state.with(state.seen().streamed(location, selects()));
        message.setBody(ExchangeItemStream.of(exchange, items));
    }

    @Override
    public void found(boolean found) {
        message.setHeader(DynaStoreConstants.FOUND, found);
    }

    @Override
    public void version(@Nullable Long version) {
        set(DynaStoreConstants.VERSION, version);
    }

    @Override
    public void versions(List<@Nullable Long> versions) {
        message.setHeader(DynaStoreConstants.VERSIONS, versions);
    }

    @Override
    public void outcomes(BulkOutcomes outcomes) {
        message.setHeader(DynaStoreConstants.OUTCOMES, outcomes);
        if (call instanceof BulkCall bulk && bulk.reader() instanceof BulkEntries entries) {
            state = state.with(entries.after(state.seen(), outcomes));
        }
    }

    @Override
    public void expires(@Nullable Instant expires) {
        set(DynaStoreConstants.EXPIRES, expires);
    }

    @Override
    public void fields(Map<String, @Nullable Object> fields) {
        message.setHeader(DynaStoreConstants.ITEM_FIELDS, fields);
    }

    @Override
    public void count(int items) {
        message.setHeader(DynaStoreConstants.COUNT, items);
    }

    /** The token of the page before is an input, and so is removed here rather than with the outputs. */
    @Override
    public void nextToken(@Nullable String token) {
        message.removeHeader(DynaStoreConstants.NEXT_TOKEN);
        set(DynaStoreConstants.NEXT_TOKEN, token);
        if (token != null && call instanceof ListCall list) {
            state = state.with(state.leftOvers().withToken(token, ListQueryKey.of(location, list)));
        }
    }

    @Override
    public void seen(Key key, @Nullable Long version, @Nullable Incarnation incarnation) {
        if (leavesUnseen(key, version)) {
            return;
        }
        state = state.with(
                call.operation().writes()
                        ? state.seen().written(location, key, version, incarnation)
                        : state.seen()
                                .with(
                                        location,
                                        key,
                                        version == null
                                                ? null
                                                : new SeenVersions.Seen(version, incarnation, selects())));
    }

    /** Whether the call has read a selection of the fields. */
    private boolean selects() {
        return (call instanceof GetCall get && !get.fields().all())
                || (call instanceof ListCall list && !list.options().fields().all())
                || (call instanceof StreamCall stream
                        && !stream.list().options().fields().all())
                || (call instanceof BatchGetCall batch && !batch.fields().all());
    }

    /**
     * Whether a write that kept a part of the item was applied to another version than the exchange has seen. What
     * others have changed in between is unseen still: a later write has to find that out.
     */
    private boolean leavesUnseen(Key key, @Nullable Long version) {
        if (!keeps(key)) {
            return false;
        }
        SeenVersions.Seen seen = state.seen().item(location, key);
        return seen != null && (version == null || seen.version() + 1 != version);
    }

    private boolean keeps(Key key) {
        if (call instanceof WriteCall write) {
            return write.expectedVersion() == null && write.payloadMode().change() != PayloadMode.REPLACE;
        }
        return call instanceof TransactCall transaction
                && transaction.writes().stream()
                        .anyMatch(write -> write.key().equals(key)
                                && write.kind().stores()
                                && write.expectedVersion() == null
                                && (write.payloadMode() == null ? transaction.payloadMode() : write.payloadMode())
                                                .change()
                                        != PayloadMode.REPLACE);
    }

    @Override
    public void seen(List<Item> items) {
        state = state.with(state.seen().with(location, items, selects()));
    }

    /** Keeps in the exchange what it has seen. */
    void end() {
        if (call.operation().writes()) {
            state = state.unresolved(null);
        }
        ExchangeState changed = state;
        ExchangeState.change(exchange, old -> changed);
    }

    private void set(String header, @Nullable Object value) {
        if (value != null) {
            message.setHeader(header, value);
        }
    }
}
