/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import org.jspecify.annotations.Nullable;

/**
 * The held locks that were observed. Because they are kept between acquires, a caller that polls without waiting takes
 * over an abandoned lock too. If there are more than {@link #MOST}, the least recently used one is forgotten; a
 * take-over of it takes longer. Thread safe.
 */
final class Observations {

    private static final int MOST = 10_000;

    private final LruMap<Key, Observation> seen = new LruMap<>(MOST);

    @Nullable
    Observation of(Key key) {
        return seen.get(key);
    }

    /** Records a lock from a response that has arrived now. */
    void record(Key key, @Nullable LockItem item, long now) {
        if (item == null || !item.held()) {
            seen.remove(key);
            return;
        }
        seen.merge(
                key,
                new Observation(item.version(), item.lease(), now),
                (before, after) -> before.version() == after.version() ? before : after);
    }

    void forget(Key key) {
        seen.remove(key);
    }
}
