/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import org.jspecify.annotations.Nullable;

/** What came of a conditional write of a lock. */
sealed interface WriteResult {

    /**
     * The write was applied.
     *
     * @param item the lock afterwards, if the write asked for it
     */
    record Applied(@Nullable LockItem item) implements WriteResult {}

    /**
     * The condition failed.
     *
     * @param found what was there instead; null if nothing
     * @param repeated whether the request was sent more than once, so that an earlier attempt may have been applied
     */
    record Refused(@Nullable LockItem found, boolean repeated) implements WriteResult {}

    /**
     * No response that tells.
     *
     * @param cause the SDK's error
     * @param applied whether the write may have been applied all the same
     */
    record Failed(Throwable cause, boolean applied) implements WriteResult {}
}
