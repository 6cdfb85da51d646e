/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import io.dynastore.queue.Claims;
import io.dynastore.store.KeyAttribute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads claimable items page by page, and remembers the place in each partition. Used by one thread at a time. */
final class CandidateReader {

    private static final int LEAST_EXAMINED = 25;
    private static final int MOST_EXAMINED = 1000;
    private static final int EXAMINED_PER_CLAIM = 4;

    private final ConsumerContext context;
    private final Claims claims;
    private final int most;
    private final Map<Partition, Map<String, AttributeValue>> places = new HashMap<>();

    /**
     * A reader that begins at the start of each partition.
     *
     * @param most the most items in flight
     */
    CandidateReader(ConsumerContext context, Claims claims, int most) {
        this.context = context;
        this.claims = claims;
        this.most = most;
    }

    /** Forgets the places in other partitions. */
    void retain(Collection<Partition> listed) {
        places.keySet().retainAll(listed);
    }

    /**
     * Reads the next page.
     *
     * @param wide whether to examine as much as DynamoDB does at once, 1 MB
     */
    CompletableFuture<CandidatePage> read(Partition partition, boolean wide) {
        Map<String, AttributeValue> place = places.getOrDefault(partition, Map.of());
        Integer examine = wide ? null : (Integer) examined();
        if (partition instanceof Partition.Part part) {
            return claims.segment(part.segment(), place, examine);
        }
        Partition.Keyed keyed = (Partition.Keyed) partition;
        KeyAttribute partitionKey = context.store().schema().partitionKey();
        return claims.partition(
                partitionKey.encode(keyed.key().partitionKey(), KeyAttribute.LONGEST_PARTITION_KEY), place, examine);
    }

    private int examined() {
        Integer size = context.options().pageSize();
        return size != null ? size : Math.max(LEAST_EXAMINED, Math.min(MOST_EXAMINED, EXAMINED_PER_CLAIM * most));
    }

    /** The next page begins behind this one. */
    void passed(Partition partition, CandidatePage page) {
        places.put(partition, page.place());
    }

    /** The oldest first, those of one window in random order. */
    List<Candidate> spread(List<Candidate> found) {
        List<Candidate> spread = new ArrayList<>(found);
        int window = EXAMINED_PER_CLAIM * most;
        for (int from = 0; from < spread.size(); from += window) {
            Collections.shuffle(spread.subList(from, Math.min(spread.size(), from + window)));
        }
        return spread;
    }
}
