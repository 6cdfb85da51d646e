/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * One incarnation of an item: from the write that creates it until it is deleted. Versions are comparable only within
 * one incarnation. Immutable.
 *
 * <p>The outcome of a read or write has the incarnation of the item. Pass it to a call along with the version of the
 * same outcome. The call then applies only to that item, not to one that was created later under the same key and has
 * reached the same version.
 *
 * <p>Decision 9 in docs/decisions has the reasons.
 *
 * @param name for the store's operations; null if only programs that don't name incarnations have written the item
 */
public record Incarnation(@Nullable SdkBytes name) {

    @Override
    public String toString() {
        return "Incarnation";
    }
}
