/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

/** The state of an item of a work queue. */
public enum QueueState {
    /** It can be claimed now. */
    DUE,
    /** It can be claimed later. */
    DELAYED,
    /** A claim of it has not run out. */
    IN_FLIGHT,
    /** It is in the dead partition, or marked dead where it is. */
    DEAD
}
