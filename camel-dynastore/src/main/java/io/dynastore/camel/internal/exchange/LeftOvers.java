/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.exchange;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.store.Key;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of earlier operations that would be inputs of later ones. An operation that they don't belong to ignores
 * them. If a route sets such a header itself, its value is another object, and so is an input. Small numbers
 * are one object each in the JVM: a number key of -128 to 127 that a route sets as it was is taken for the output.
 *
 * @param token the token that the last list returned
 * @param key the key that the consumer or a lock of a pool has set
 * @param lockData the data of an earlier holder that the last lock has found
 * @param refused the expected version of the last write that was refused
 */
public record LeftOvers(
        @Nullable ReturnedToken token,
        @Nullable Key key,
        @Nullable Object lockData,
        @Nullable RefusedVersion refused) {

    static final LeftOvers NONE = new LeftOvers(null, null, null, null);

    /**
     * A token for the next page.
     *
     * @param text the token
     * @param list the list that it belongs to
     */
    public record ReturnedToken(String text, ListQueryKey list) {}

    /**
     * An expected version that a write was refused with.
     *
     * @param table the table of the write
     * @param key the item that it is about
     * @param header the value of the header, which no other header has
     */
    public record RefusedVersion(TableLocation table, Key key, Object header) {}

    /** Whether another list returned this token. */
    public boolean isToken(String nextToken, ListQueryKey list) {
        return token != null && token.text.equals(nextToken) && !token.list.equals(list);
    }

    /** Whether this is a partition key that was set here. */
    public boolean isPartitionKey(@Nullable Object header) {
        return key != null && same(header, key.partitionKey());
    }

    /** Whether this is a sort key that was set here. */
    public boolean isSortKey(@Nullable Object header) {
        return key != null && same(header, key.sortKey());
    }

    /** Whether these are data that a lock has found. */
    public boolean isLockData(@Nullable Object header) {
        return header != null && header == lockData;
    }

    /** Whether this is the expected version of a refused write of another item. */
    public boolean isVersionOfAnother(@Nullable Object header, TableLocation table, Key item) {
        return refused != null
                && header == refused.header
                && !(refused.key.equals(item) && SeenVersions.same(refused.table, table));
    }

    private static boolean same(@Nullable Object header, @Nullable Object output) {
        return header != null
                && (header == output
                        || (header instanceof byte[] bytes
                                && output instanceof byte[] other
                                && Arrays.equals(bytes, other)));
    }

    /** These outputs with another token. */
    public LeftOvers withToken(String text, ListQueryKey list) {
        return new LeftOvers(new ReturnedToken(text, list), key, lockData, refused);
    }

    /** These outputs with another key. */
    public LeftOvers withKey(Key set) {
        return new LeftOvers(token, set, lockData, refused);
    }

    /** These outputs with other data of a lock; null if it has none. */
    public LeftOvers withLockData(@Nullable Object found) {
        return found == lockData ? this : new LeftOvers(token, key, found, refused);
    }

    /** These outputs with the expected version of a write that was refused. */
    public LeftOvers withRefused(RefusedVersion version) {
        return new LeftOvers(token, key, lockData, version);
    }
}
