/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

/** How a claim has ended. */
public enum ClaimEnd {
    /** The item is deleted. */
    DELETED,
    /** The item was done and has changed meanwhile, so that it is kept and claimable. */
    KEPT,
    /** The item is free, and claimable once it is due. */
    FREED,
    /** The item is marked dead, or moved to the dead partition. */
    DEAD,
    /** The claim had run out, and another consumer has claimed the item. */
    LOST
}
