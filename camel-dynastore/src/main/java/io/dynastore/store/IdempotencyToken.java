/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * A write whose outcome is unknown, so that repeating it can recognise what the first attempt may have done.
 *
 * <p>The next call takes it by {@link WriteCall.Builder#idempotencyToken}. If that call asks for the very same write
 * (operation, key, expectation, expiry, value and fields), it has the same write id, and finds itself if it was applied
 * before. If it asks for anything else, the token is ignored. Immutable; its text says nothing of the value.
 */
public final class IdempotencyToken {

    private final SdkBytes id;
    private final List<@Nullable Object> content;

    /** For the store's operations. */
    public IdempotencyToken(SdkBytes id, List<@Nullable Object> content) {
        this.id = id;
        this.content = content;
    }

    /** What the write left behind in the item, if it was applied. */
    public SdkBytes id() {
        return id;
    }

    /** Whether a write of this content is the same write. */
    public boolean repeatedBy(List<@Nullable Object> other) {
        return content.equals(other);
    }

    @Override
    public String toString() {
        return "IdempotencyToken";
    }
}
