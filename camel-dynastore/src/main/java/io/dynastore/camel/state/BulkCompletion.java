/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows, for each thread, the keys that Camel has listed and goes through. Thread safe.
 *
 * <p>Camel's task for {@code completionInterval} lists the keys, and gets and removes each. An error in one of them
 * would end that task for good. Here, such a group is passed over, and is completed by the next round.
 */
final class BulkCompletion {

    @SuppressWarnings("ThreadLocalUsage") // each repository has its own
    private final ThreadLocal<Iterator<String>> listed = new ThreadLocal<>();

    @SuppressWarnings("ThreadLocalUsage") // each repository has its own
    private final ThreadLocal<String> current = new ThreadLocal<>();

    /** The thread has listed these keys, and will get each in this order. */
    void begin(Set<String> keys) {
        current.remove();
        if (keys.isEmpty()) {
            listed.remove();
        } else {
            listed.set(List.copyOf(keys).iterator());
        }
    }

    /** The thread gets a group. If it is another than the next, the thread goes through its list no more. */
    void get(String key) {
        Iterator<String> left = listed.get();
        if (left == null) {
            current.remove();
        } else if (left.hasNext() && key.equals(left.next())) {
            current.set(key);
        } else {
            current.remove();
            listed.remove();
        }
    }

    /** Whether the thread has this group from its list. */
    boolean covers(@Nullable String key) {
        return key != null && key.equals(current.get());
    }
}
