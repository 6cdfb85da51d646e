/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.DoubleConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A stream over the parts of a list, one of which is under way at a time.
 *
 * <ol>
 *   <li>Requests are made by the iterating thread only, when it comes to a part: for the part behind it. So nothing runs ahead of a
 *       reader that pauses, and nobody reads on for one that has gone.
 *   <li>The lock is held to look and to change, never to wait. {@link #close} can always get it, and wakes the waiting thread by
 *       failing the future that it waits for; the answer then finds that future complete, and is dropped.
 *   <li>The cursor is touched by the iterating thread while no request is under way, and else by the stages of that request.
 * </ol>
 */
final class PagedItemStream implements ItemStream {

    private final ListCursor cursor;
    private final UnaryOperator<Throwable> translation;
    private final DoubleConsumer consumed;

    private Iterator<Item> current;
    private @Nullable CompletableFuture<ListCursor.Part> ahead;
    private boolean begun;
    private boolean closed;

    /**
     * Begins with a part that is there.
     *
     * @param translation the error to throw for that of a request
     * @param consumed told the capacity units of each part that the iteration comes to
     */
    PagedItemStream(
            ListCursor cursor, ListCursor.Part first, UnaryOperator<Throwable> translation, DoubleConsumer consumed) {
        this.cursor = cursor;
        this.translation = translation;
        this.consumed = consumed;
        this.current = first.items().iterator();
    }

    @Override
    public boolean hasNext() {
        while (true) {
            CompletableFuture<ListCursor.Part> awaited;
            synchronized (this) {
                begin();
                if (current.hasNext()) {
                    return true;
                }
                if (ahead == null) {
                    return false;
                }
                awaited = ahead;
            }
            ListCursor.Part part = await(awaited);
            synchronized (this) {
                if (ahead == awaited) {
                    comeTo(part);
                }
            }
        }
    }

    @Override
    public Item next() {
        if (!hasNext()) {
            throw new NoSuchElementException(cursor + ": the list has ended.");
        }
        synchronized (this) {
            if (closed) {
                throw closedError();
            }
            return current.next();
        }
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

    private void comeTo(ListCursor.Part part) {
        current = part.items().iterator();
        consumed.accept(part.capacity());
        ahead = requested();
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
            // The items of the part that the iteration has come to are good all the same.
            return CompletableFuture.failedFuture(e);
        }
    }

    private ListCursor.Part await(CompletableFuture<ListCursor.Part> awaited) {
        try {
            return awaited.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DynaStoreException(cursor + ": interrupted while waiting for the next page.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException) {
                // The answer came between the two steps of a close: the cursor has stopped, and the future was not
                // failed yet.
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
                + ": the stream is closed, and the rest of the list unread. In a route it ends with the exchange that the list"
                + " was made in: iterate over it there.");
    }
}
