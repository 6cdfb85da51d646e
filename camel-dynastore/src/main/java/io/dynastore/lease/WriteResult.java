/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import org.jspecify.annotations.Nullable;

/** The result of a conditional write of a lock. */
sealed interface WriteResult {

    /**
     * The write was applied.
     *
     * @param item the lock after the write, if the write asked for it
     */
    record Applied(@Nullable LockItem item) implements WriteResult {}

    /**
     * The condition failed.
     *
     * @param found the item that failed the condition; null if there is none
     * @param repeated whether the request was sent more than once, so that an earlier attempt may have been applied
     */
    record Refused(@Nullable LockItem found, boolean repeated) implements WriteResult {}

    /**
     * No response shows whether the write was applied, or it was not.
     *
     * @param cause the SDK's error
     * @param applied whether the write may have been applied
     */
    record Failed(Throwable cause, boolean applied) implements WriteResult {}
}
