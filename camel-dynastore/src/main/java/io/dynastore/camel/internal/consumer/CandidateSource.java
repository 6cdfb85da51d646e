/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where a consumer that claims looks for items, page by page. Each page is {@linkplain #passed used} or
 * {@linkplain #failed failed} in the order in which they were asked for. Used by one thread at a time.
 */
interface CandidateSource {

    /** A poll begins. */
    void begin(List<Partition> partitions);

    /**
     * Reads the next page of the poll.
     *
     * @param wanted how many items can be claimed now, 1 or more
     * @return null if the poll has seen what there is
     */
    @Nullable
    CompletableFuture<CandidatePage> next(int wanted);

    /** Whether all of the last page is claimed, while the next one may be asked for. */
    default boolean readsAhead() {
        return false;
    }

    /** If no more than so many items of the last page are left, the next one is asked for. */
    default int readsAheadAt() {
        return 0;
    }

    /** The candidates of a page in the order in which they are to be claimed. */
    List<Candidate> spread(List<Candidate> found);

    /**
     * How many items of the last page may be claimed before another page is read.
     *
     * @param wanted how many items could be claimed when it was read
     * @param found how many candidates it has
     */
    int most(int wanted, int found);

    /** Whether the last page is read again later, so that what is left of it can be dropped. */
    boolean repeats();

    /**
     * The first page that is in use was used.
     *
     * @param tried those of its items that were tried
     * @param claimed how many of these were claimed
     * @param broken how many of these nobody can claim, because of the item itself
     */
    void passed(CandidatePage page, List<Candidate> tried, int claimed, int broken);

    /**
     * The first page that is in use could not be read, or its items not be claimed. Its partition is left until the
     * next poll.
     */
    void failed();
}
