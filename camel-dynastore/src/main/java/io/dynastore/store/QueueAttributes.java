/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/**
 * The attributes by which an ordinary item is an item of a work queue. Each may be missing: an item that another
 * program wrote has none of them, and can be claimed.
 */
public final class QueueAttributes {

    /** The id of the claim under which the item is in flight. Missing while it is not claimed. Type S. */
    public static final String HOLDER = TableSchema.OWN_PREFIX + "qh";

    /** The end of the claim, in milliseconds since 1970. Missing while the item is not claimed. Type N. */
    public static final String UNTIL = TableSchema.OWN_PREFIX + "qu";

    /** How many deliveries the item has had. Type N. */
    public static final String COUNT = TableSchema.OWN_PREFIX + "qn";

    /**
     * From when the item may be claimed, in milliseconds since 1970. A claim moves it behind its own end. Sort key of
     * the {@linkplain ClaimIndex claim index}. Type N.
     */
    public static final String FROM = TableSchema.OWN_PREFIX + "qf";

    /** The partition and the shard of the item in the {@linkplain ClaimIndex claim index}. Type S. */
    public static final String SHARD = TableSchema.OWN_PREFIX + "qs";

    /** The version at which the item was marked dead. At any other version the item is not dead. Type N. */
    public static final String DEAD = TableSchema.OWN_PREFIX + "qd";

    /** Why the item is dead. Type S. */
    public static final String REASON = TableSchema.OWN_PREFIX + "qr";

    /**
     * The most bytes that claims add to an item. A write that names a claim index or a due time leaves them free.
     */
    public static final int LARGEST_CLAIM = 1024;

    private QueueAttributes() {}
}
