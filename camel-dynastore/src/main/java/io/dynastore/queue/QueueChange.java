/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

/** The result of a change that an operator makes to an item of a work queue. */
public enum QueueChange {
    /** It was applied. */
    APPLIED,
    /** Nothing was changed: there is no such item. */
    MISSING,
    /** Nothing was changed: the item is in flight. */
    IN_FLIGHT,
    /** Nothing was changed: the item is dead. */
    DEAD,
    /** Nothing was changed: the item is not dead. */
    NOT_DEAD,
    /** Nothing was changed: the queue has another item under the same sort key. */
    OCCUPIED
}
