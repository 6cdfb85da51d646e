/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * One incarnation of an item: from the write that created it until it is deleted. What a version means, it means within one incarnation.
 *
 * <p>Comes with the outcome of a read or write, and goes into a call beside the version that came with it: the call then means
 * the very item that was seen, and not one that was created under the same key afterwards and has reached the same version.
 *
 * @param name for the store's operations; null if only programs have written the item that give no names
 */
public record Incarnation(@Nullable SdkBytes name) {

    @Override
    public String toString() {
        return "Incarnation";
    }
}
