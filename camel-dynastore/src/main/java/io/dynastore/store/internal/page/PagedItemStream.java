/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import io.dynastore.store.ListOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.DoubleConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A stream over the parts of a list. At most one request is in flight at a time.
 *
 * <ol>
 *   <li>When the iteration reaches a part, the next part is requested. So nothing is read ahead of a reader that
 *       pauses or has stopped. If the reader waits, the part is reached on the thread that completes the response:
 *       the next request is in flight before the reader wakes up.
 *   <li>An item is converted when the reader takes it, while the next request is in flight. Items of the first part
 *       are converted at once, since their errors are errors of the operation.
 *   <li>The monitor is held to read and change state, never while waiting. So {@link #close} can always get it. It
 *       wakes the waiting thread by failing the future that it waits for; the response is then dropped.
 *   <li>While no request is in flight, the cursor is used under the monitor; otherwise, by the stages of that
 *       request.
 * </ol>
 *
 * <p>Decision 10 in docs/decisions has the reasons.
 */
public final class PagedItemStream implements ItemStream {

    private final ListCursor cursor;
    private final ListOptions options;
    private final UnaryOperator<Throwable> translation;
    private final DoubleConsumer consumed;

    private Iterator<Item> current;
    private @Nullable CompletableFuture<ListCursor.Part> ahead;
    private boolean begun;
    private boolean closed;

    /**
     * A stream that begins with a part that was read.
     *
     * @param options how items are converted
     * @param translation maps the error of a request to the one to throw
     * @param consumed receives the capacity units of each further part when the iteration reaches it
     */
    public PagedItemStream(
            ListCursor cursor,
            ListCursor.Part first,
            ListOptions options,
            UnaryOperator<Throwable> translation,
            DoubleConsumer consumed) {
        this.cursor = cursor;
        this.options = options;
        this.translation = translation;
        this.consumed = consumed;
        List<Item> items = new ArrayList<>(first.stored().size());
        first.items(options).forEachRemaining(items::add);
        this.current = items.iterator();
    }

    @Override
    public boolean hasNext() {
        while (true) {
            CompletableFuture<Void> awaited;
            synchronized (this) {
                begin();
                if (current.hasNext()) {
                    return true;
                }
                if (ahead == null) {
                    return false;
                }
                CompletableFuture<ListCursor.Part> response = ahead;
                awaited = response.thenAccept(part -> reach(part, response));
            }
            await(awaited);
        }
    }

    @Override
    public Item next() {
        while (hasNext()) {
            synchronized (this) {
                if (closed) {
                    throw closedError();
                }
                try {
                    return current.next();
                } catch (RuntimeException e) {
                    // An item that can't be read ends the stream as a failed request does. The loop throws the error.
                    cursor.stop();
                    current = Collections.emptyIterator();
                    ahead = CompletableFuture.failedFuture(e);
                }
            }
        }
        throw new NoSuchElementException(cursor + ": the list has ended.");
    }

    @Override
    public synchronized void close() {
        if (closed || ended()) {
            return;
        }
        closed = true;
        cursor.stop();
        current = Collections.emptyIterator();
        if (ahead != null) {
            ahead.completeExceptionally(closedError());
        }
        ahead = null;
    }

    @Override
    public String toString() {
        return "Stream of " + cursor;
    }

    private void begin() {
        if (closed) {
            throw closedError();
        }
        if (!begun) {
            begun = true;
            ahead = requested();
        }
    }

    /** Continues with a part, unless the stream was closed meanwhile or has reached the part already. */
    private synchronized void reach(ListCursor.Part part, CompletableFuture<ListCursor.Part> response) {
        if (ahead == response) {
            current = part.items(options);
            consumed.accept(part.capacity());
            ahead = requested();
        }
    }

    private boolean ended() {
        return begun && ahead == null && !current.hasNext();
    }

    private @Nullable CompletableFuture<ListCursor.Part> requested() {
        if (cursor.atEnd()) {
            return null;
        }
        try {
            return cursor.next();
        } catch (RuntimeException e) {
            // The items of the current part can still be read.
            return CompletableFuture.failedFuture(e);
        }
    }

    private void await(CompletableFuture<Void> awaited) {
        try {
            awaited.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DynaStoreException(cursor + ": interrupted while waiting for the next page.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException) {
                // The response arrived while the stream was closed: the cursor had stopped, the future had not failed.
                throw closedError();
            }
            Throwable error = translation.apply(e.getCause() == null ? e : e.getCause());
            if (error instanceof Error serious) {
                throw serious;
            }
            throw error instanceof RuntimeException plain ? plain : new DynaStoreException(cursor + ".", error);
        }
    }

    private DynaStoreException closedError() {
        return new DynaStoreException(cursor
                + ": the stream is closed before its end."
                + " In a route, it is closed with the exchange that read the list: iterate over it there.");
    }
}
