/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The token of a write whose outcome is unknown, by which a repetition recognises whether the write was applied.
 *
 * <p>Pass it to the next call by {@link WriteCall.Builder#idempotencyToken}. If that call is the same write, it has
 * the same write id, and recognises whether it was applied. The same write has the same operation, key, expected
 * version and incarnation, expiry, value and fields. If the call is another write, it ignores the token.
 *
 * <p>Immutable and thread safe. Valid in this process only. Its text contains nothing of the value.
 *
 * <p>Decision 9 in docs/decisions has the reasons.
 */
public final class IdempotencyToken {

    private final SdkBytes id;
    private final List<@Nullable Object> content;

    /**
     * For the store's operations.
     *
     * @param id the write id
     * @param content what makes a write the same one
     */
    public IdempotencyToken(SdkBytes id, List<@Nullable Object> content) {
        this.id = id;
        this.content = content;
    }

    /** The write id, which the item holds if the write was applied. */
    public SdkBytes id() {
        return id;
    }

    /** Whether a write with this content is the same one. */
    public boolean repeatedBy(List<@Nullable Object> other) {
        return content.equals(other);
    }

    @Override
    public String toString() {
        return "IdempotencyToken";
    }
}
