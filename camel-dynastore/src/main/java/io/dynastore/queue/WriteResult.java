/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The result of a conditional write of a queue. */
sealed interface WriteResult {

    /**
     * The write was applied.
     *
     * @param item the item after the write; empty unless the write asked for it
     */
    record Applied(Map<String, AttributeValue> item) implements WriteResult {}

    /**
     * The condition on the item failed.
     *
     * @param found the item that failed it; null if there is none
     * @param repeated whether the request was sent more than once, so that an earlier attempt may have been applied
     */
    record Refused(@Nullable QueueItem found, boolean repeated) implements WriteResult {}

    /** The key of the dead copy is in use. The item itself fulfilled its condition. */
    record Occupied() implements WriteResult {}

    /**
     * No response shows whether the write was applied, or it was not.
     *
     * @param cause the SDK's error
     * @param applied whether the write may have been applied
     */
    record Failed(Throwable cause, boolean applied) implements WriteResult {}
}
