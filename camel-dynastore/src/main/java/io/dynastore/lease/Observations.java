/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import org.jspecify.annotations.Nullable;

/**
 * The held locks that were met, so that whoever asks again and again without waiting comes to know that one is abandoned. Of more
 * than {@link #MOST} the one that was met longest ago is forgotten, which costs time and nothing else. Thread safe.
 */
final class Observations {

    private static final int MOST = 10_000;

    private final LruMap<Key, Observation> seen = new LruMap<>(MOST);

    @Nullable
    Observation of(Key key) {
        return seen.get(key);
    }

    /** Notes what a lock looks like, in a response that has arrived now. */
    void note(Key key, @Nullable LockItem item, long now) {
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
