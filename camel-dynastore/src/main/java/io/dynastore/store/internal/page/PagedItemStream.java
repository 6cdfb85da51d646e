/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.page;

import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.ItemStream;
import io.dynastore.store.PayloadFormat;
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
 * A stream over the parts of a list, one of which is under way at a time.
 *
 * <ol>
 *   <li>A request is made when the iteration comes to a part: for the part behind it. So nothing runs ahead of a reader that
 *       pauses, and nobody reads on for one that has gone. A reader that waits comes to a part as the response does, on the thread that
 *       brings it: the next request is under way before the reader has woken up.
 *   <li>An item is converted when the reader takes it, while the next part is under way; those of the first part at once, since what
 *       is wrong with them is an error of the operation.
 *   <li>The lock is held to look and to change, never to wait. {@link #close} can always get it, and wakes the waiting thread by
 *       failing the future that it waits for; the response then finds that future complete, and is dropped.
 *   <li>The cursor is touched under the lock while no request is under way, and else by the stages of that request.
 * </ol>
 */
public final class PagedItemStream implements ItemStream {

    private final ListCursor cursor;
    private final PayloadFormat format;
    private final UnaryOperator<Throwable> translation;
    private final DoubleConsumer consumed;

    private Iterator<Item> current;
    private @Nullable CompletableFuture<ListCursor.Part> ahead;
    private boolean begun;
    private boolean closed;

    /**
     * Begins with a part that is there.
     *
     * @param format how payloads are converted
     * @param translation the error to throw for that of a request
     * @param consumed told the capacity units of each part that the iteration comes to
     */
    public PagedItemStream(
            ListCursor cursor,
            ListCursor.Part first,
            PayloadFormat format,
            UnaryOperator<Throwable> translation,
            DoubleConsumer consumed) {
        this.cursor = cursor;
        this.format = format;
        this.translation = translation;
        this.consumed = consumed;
        List<Item> items = new ArrayList<>(first.stored().size());
        first.items(format).forEachRemaining(items::add);
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
                awaited = response.thenAccept(part -> comeTo(part, response));
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
                    // Not readable: ends the stream as a part does that has not come. The loop throws it.
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

    /** Unless the stream was closed meanwhile, or has come to it already. */
    private synchronized void comeTo(ListCursor.Part part, CompletableFuture<ListCursor.Part> response) {
        if (ahead == response) {
            current = part.items(format);
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
            // The items of the part that the iteration has come to are good all the same.
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
                // The response came between the two steps of a close: the cursor has stopped, and the future was not
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
