/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.HashSet;
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
    private final ThreadLocal<Set<String>> listed = new ThreadLocal<>();

    @SuppressWarnings("ThreadLocalUsage") // each repository has its own
    private final ThreadLocal<String> current = new ThreadLocal<>();

    /** The thread has listed these keys. */
    void begin(Set<String> keys) {
        current.remove();
        listed.set(new HashSet<>(keys));
    }

    /** The thread gets a group. */
    void get(String key) {
        Set<String> left = listed.get();
        if (left != null && left.remove(key)) {
            current.set(key);
        } else {
            current.remove();
        }
        if (left != null && left.isEmpty()) {
            listed.remove();
        }
    }

    /** Whether the thread has this group from its list. */
    boolean covers(@Nullable String key) {
        return key != null && key.equals(current.get());
    }
}
