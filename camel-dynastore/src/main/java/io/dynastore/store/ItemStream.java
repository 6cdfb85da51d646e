/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.io.Closeable;
import java.util.Iterator;

/**
 * The items of a list, read during iteration.
 *
 * <ul>
 *   <li>It holds two pages at most, however long the list is: the current one, and the next one, which is requested
 *       when the iteration reaches the current one. After the first page, nothing is requested before the first use.
 *   <li>{@link #hasNext()} and {@link #next()} wait while the next page is in flight. Never call them on a thread
 *       that completes the client's responses, where stages of the futures of {@link DynaStore} run: use another
 *       thread.
 *   <li>If a page fails, they throw its error: a {@link DynaStoreException}, or the SDK's own exception. The error
 *       ends the stream: further calls throw it again, and send no request. All items before that page have been
 *       returned by then. {@link #next()} throws in the same way if an item can't be read.
 *   <li>{@link #close()} may be called on any thread, at any time and more than once. No request follows it. The
 *       response to a request in flight is dropped, and a thread that waits for it gets the error of a closed stream.
 * </ul>
 *
 * <p>Only one thread at a time may iterate.
 *
 * <p>Decision 10 in docs/decisions has the reasons.
 */
public interface ItemStream extends Iterator<Item>, Closeable {

    /**
     * Whether there is another item.
     *
     * @throws DynaStoreException if the stream was closed before its end, or the waiting thread was interrupted
     */
    @Override
    boolean hasNext();

    /**
     * The next item.
     *
     * @throws java.util.NoSuchElementException at the end
     * @throws DynaStoreException if the item can't be read, the stream was closed before its end, or the waiting thread
     *     was interrupted
     */
    @Override
    Item next();

    /** Stops reading. Does nothing if the stream has ended or is closed. */
    @Override
    void close();
}
