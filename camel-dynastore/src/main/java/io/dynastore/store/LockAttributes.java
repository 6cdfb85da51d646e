/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** The attributes of locks that ordinary writes have to know. */
public final class LockAttributes {

    /** Marks a lock item, which only locks write: locks take no item without it, ordinary writes change none with it. */
    public static final String LOCK = TableSchema.OWN_PREFIX + "lock";

    /** In a lock item: its latest fencing token. In any other item: the token of the latest fenced write. A number. */
    public static final String FENCE = TableSchema.OWN_PREFIX + "fence";

    /** In a lock item: names the acquisition that holds the lock. Missing while it is free. */
    public static final String HOLDER = TableSchema.OWN_PREFIX + "holder";

    /** In a lock item: who holds the lock, for readers. */
    public static final String OWNER = TableSchema.OWN_PREFIX + "owner";

    private LockAttributes() {}
}
