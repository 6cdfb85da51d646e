/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Item;
import io.dynastore.store.ListCall;
import io.dynastore.store.ListOptions;
import io.dynastore.store.Outcome;
import io.dynastore.store.StreamCall;
import io.dynastore.store.UnreadableItemException;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.StoredItem;
import io.dynastore.store.internal.item.TableContext;
import io.dynastore.store.internal.page.ListCursor;
import io.dynastore.store.internal.page.PagedItemStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads one partition in sort-key order: a page of it, or a stream of all its pages.
 *
 * <p>Without a limit, a page is what one query returns. With a limit, further queries top it up; after {@link
 * #MOST_REQUESTS} of them a short page is returned, with a token. A stream reads its first page at once, so that an
 * error of the request fails the operation rather than the iteration.
 */
final class ListItems implements StoreOperation<ListCall, Outcome.Page> {

    /** Bounds the time and the memory of one page: 16 requests bring at most 16 MB, or 1,600 items that are fetched. */
    static final int MOST_REQUESTS = 16;

    private final TableContext table;
    private final BatchReader batch;
    private final DoubleConsumer streamed;

    /**
     * The operation on a table.
     *
     * @param streamed takes the capacity units of each page of a stream behind the first
     */
    ListItems(TableContext table, DoubleConsumer streamed) {
        this.table = table;
        this.streamed = streamed;
        this.batch = new BatchReader(table);
    }

    @Override
    public CompletableFuture<Outcome.Page> execute(ListCall call) {
        return new Page(call.options(), new ListCursor(table, batch, call, false)).fill();
    }

    /** Reads the first page, and returns it as the head of a stream. */
    CompletableFuture<Outcome.Streamed> stream(StreamCall call) {
        ListCursor cursor = new ListCursor(table, batch, call.list(), true);
        ListOptions options = call.list().options();
        return cursor.next()
                .thenApply(first -> new Outcome.Streamed(
                        new PagedItemStream(cursor, first, options, error -> translated(call, error), streamed),
                        first.capacity()));
    }

    private Throwable translated(StreamCall call, Throwable error) {
        return ServiceErrorTranslator.translated(table.schema(), call, error);
    }

    /** A page while it is being filled. One stage of a future at a time works on it. */
    private static final class Page {
        private final ListOptions options;
        private final ListCursor cursor;
        private final List<Item> items = new ArrayList<>();
        private final Map<Integer, UnreadableItemException> unreadable = new HashMap<>();
        private final List<Map<String, AttributeValue>> positions = new ArrayList<>();
        private double capacity;
        private int requests;

        Page(ListOptions options, ListCursor cursor) {
            this.options = options;
            this.cursor = cursor;
        }

        CompletableFuture<Outcome.Page> fill() {
            return cursor.next().thenCompose(part -> {
                part.stored().forEach(this::add);
                positions.addAll(cursor.positions(part));
                capacity += part.capacity();
                requests++;
                boolean full = options.limit() == null || cursor.atEnd() || requests == MOST_REQUESTS;
                return full
                        ? CompletableFuture.completedFuture(
                                new Outcome.Page(items, cursor.token(), capacity, cursor.places(positions), unreadable))
                        : fill();
            });
        }

        private void add(StoredItem stored) {
            try {
                items.add(stored.item(options.payloadFormat(), options.fields()));
            } catch (UnreadableItemException e) {
                if (!options.keepUnreadable()) {
                    throw e;
                }
                unreadable.put(items.size(), e);
                items.add(stored.unreadable(e.versionKnown()));
            }
        }
    }
}
