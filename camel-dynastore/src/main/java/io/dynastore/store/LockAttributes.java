/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** The lock attributes that ordinary writes use as well. */
public final class LockAttributes {

    /**
     * Identifies a lock item. Locks never use an item without this attribute, and ordinary writes never change an
     * item with it.
     */
    public static final String LOCK = TableSchema.OWN_PREFIX + "lock";

    /** In a lock item: its latest fencing token. In any other item: that of the latest fenced write or claim. */
    public static final String FENCE = TableSchema.OWN_PREFIX + "fence";

    /** In a lock item: identifies the acquisition that holds the lock. Missing while the lock is free. */
    public static final String HOLDER = TableSchema.OWN_PREFIX + "holder";

    /** In a lock item: the owner that holds the lock, for readers. Type S. */
    public static final String OWNER = TableSchema.OWN_PREFIX + "owner";

    /** In a lock item: the end of the lease, in milliseconds since 1970. Missing while the lock is free. Type N. */
    public static final String UNTIL = TableSchema.OWN_PREFIX + "until";

    /** In a lock item: the length of the lease, in milliseconds. Missing while the lock is free. Type N. */
    public static final String LEASE = TableSchema.OWN_PREFIX + "lease";

    /** In a lock item: identifies the acquisition that released the lock last. Type S. */
    public static final String RELEASED = TableSchema.OWN_PREFIX + "released";

    private LockAttributes() {}
}
