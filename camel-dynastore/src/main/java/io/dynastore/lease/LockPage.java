/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the locks of a partition.
 *
 * @param locks in sort-key order; may be empty even if more pages follow
 * @param next where the next page begins; null at the end
 */
public record LockPage(List<LockInfo> locks, @Nullable Key next) {

    public LockPage {
        locks = List.copyOf(locks);
    }
}
