/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.io.Closeable;
import java.util.Iterator;

/**
 * The items of a list, read while they are iterated over.
 *
 * <ul>
 *   <li>It holds two pages at most, however long the list: the one that is iterated over, and the next one, which is requested
 *       when the iteration comes to the one before it. Nothing is requested ahead of the first use.
 *   <li>{@link #hasNext()} and {@link #next()} wait while the next page is under way. That must not happen on a thread that
 *       brings the client's answers, which is where stages of the futures of {@link DynaStore} run: hand over first.
 *   <li>They throw what a page failed with as it is: a {@link DynaStoreException}, or the SDK's own exception. The failure ends the
 *       stream: it is thrown again by each further call, and nothing is requested again. The items before that page have been
 *       delivered by then. {@link #next()} throws in the same way at an item that can't be read.
 *   <li>{@link #close()} may come from any thread, at any time and more than once. No request follows it, the response to one
 *       that is under way is dropped, and a thread that waits for it goes on with the error of a closed stream.
 * </ul>
 *
 * <p>To be iterated over by one thread at a time.
 */
public interface ItemStream extends Iterator<Item>, Closeable {

    /**
     * Whether there is another item.
     *
     * @throws DynaStoreException if the stream was closed before its end, or the waiting thread is interrupted
     */
    @Override
    boolean hasNext();

    /**
     * The next item.
     *
     * @throws java.util.NoSuchElementException at the end
     * @throws DynaStoreException if the item can't be read, the stream was closed before its end, or the waiting thread is interrupted
     */
    @Override
    Item next();

    /** Stops reading, if it has not ended already. */
    @Override
    void close();
}
