/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The result of a conditional write of a group. */
sealed interface GroupWrite {

    /**
     * The write was applied.
     *
     * @param item the item after the write, if the write asked for it; otherwise empty
     */
    record Applied(Map<String, AttributeValue> item) implements GroupWrite {}

    /**
     * The condition failed.
     *
     * @param found the item that failed it; null if there is none
     * @param repeated whether the request was sent more than once
     */
    record Refused(@Nullable Map<String, AttributeValue> found, boolean repeated) implements GroupWrite {}

    /**
     * No response shows whether the write was applied, or it was not.
     *
     * @param cause the client's error
     * @param applied whether it may have been applied
     */
    record Failed(Throwable cause, boolean applied) implements GroupWrite {}
}
