/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

/**
 * Decides how much a consumer reads and claims, so that consumers of the same shards seldom try the same item. They
 * know nothing of each other but that claims are refused, and that items are gone which were left.
 *
 * <ol>
 *   <li>A consumer is alone if so many items in succession that it had left were still there when it came back. Then it
 *       claims whole pages, and may read ahead. A refused claim or a missing item shows the opposite. Each time, it
 *       takes twice as many items to believe it again.
 *   <li>Otherwise, it reads more than it can claim, and claims a random part of it. If more than a few of its claims
 *       are refused, pages grow. If none is, they shrink again.
 * </ol>
 *
 * <p>Used by one thread at a time.
 *
 * <p>Decision 19 in docs/decisions has the reasons.
 */
final class ClaimSpread {

    /** So many items are examined for each that can be claimed by a consumer that is alone, and by another one. */
    static final int LEAST = 4;

    static final int LEAST_SHARED = 8;
    static final int MOST = 64;

    /** Among several consumers, one claims a part of what it finds. */
    private static final int FOUND_PER_CLAIM = 8;

    /** If more than one of so many claims is refused, pages grow. */
    private static final int CLAIMS_PER_REFUSED = 40;

    private static final int LEAST_FOUND_AGAIN = 128;
    private static final int MOST_FOUND_AGAIN = 8192;

    private int shared = LEAST_SHARED;
    private int foundAgain;
    private int foundAgainUntilAlone = LEAST_FOUND_AGAIN;

    /** Whether no other consumer seems to claim from the same shards. At the start it is not known, and so false. */
    boolean alone() {
        return foundAgain >= foundAgainUntilAlone;
    }

    /** So many items that were left are still there, and none is missing. */
    void foundAgain(int items) {
        foundAgain = Math.min(MOST_FOUND_AGAIN, foundAgain + items);
    }

    /** Another consumer has claimed an item that was left or tried. */
    void met() {
        if (alone()) {
            foundAgainUntilAlone = Math.min(MOST_FOUND_AGAIN, 2 * foundAgainUntilAlone);
        }
        foundAgain = 0;
    }

    /** How many items are examined for each that can be claimed. */
    int examinedPerClaim() {
        return alone() ? LEAST : shared;
    }

    /**
     * How many items of a page may be claimed before another page is read.
     *
     * @param wanted how many could be claimed when it was read
     * @param found how many items it has
     */
    int most(int wanted, int found) {
        return alone() ? Integer.MAX_VALUE : Math.min(wanted, Math.max(1, found / FOUND_PER_CLAIM));
    }

    /**
     * Items were tried.
     *
     * @param tried how many that can be claimed
     * @param claimed how many of these were claimed
     */
    void passed(int tried, int claimed) {
        int refused = tried - claimed;
        if (refused == 0) {
            shared = tried > 0 ? Math.max(LEAST_SHARED, shared - 1) : shared;
            return;
        }
        met();
        if (refused * CLAIMS_PER_REFUSED > tried) {
            shared = Math.min(MOST, 2 * shared);
        }
    }
}
