/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The oldest items of a shard that a consumer has read and not tried. If they are gone when it reads the shard again,
 * another consumer has claimed them.
 *
 * <p>The index has its entries in the order in which they are due, and newer ones come behind. So what is missing in
 * front of an entry that is still there is gone. What would be behind the end of a page is not known.
 *
 * @param hashes the hash codes of their keys, the oldest first
 */
record LeftItems(List<Integer> hashes) {

    /** So many are remembered. An item takes a few bytes. */
    static final int MOST = 32;

    /** Those of a page that were not tried. */
    static LeftItems of(List<Integer> page, Set<Integer> tried) {
        return new LeftItems(
                page.stream().filter(one -> !tried.contains(one)).limit(MOST).toList());
    }

    /**
     * How many of them a page has.
     *
     * @param page the hash codes of the page's keys, in the order of the index
     * @param last whether nothing is behind the page
     * @return -1 if one of them is gone
     */
    int stillIn(List<Integer> page, boolean last) {
        Set<Integer> found = new HashSet<>(page);
        List<Integer> known = new ArrayList<>(hashes);
        while (!last && known.size() > 1 && !found.contains(known.get(known.size() - 1))) {
            known.remove(known.size() - 1);
        }
        return found.containsAll(known) ? known.size() : -1;
    }
}
