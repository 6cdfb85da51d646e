/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import io.dynastore.queue.Claims;
import io.dynastore.store.KeyAttribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Looks for claimable items in the table, and remembers the place in each partition.
 *
 * <p>If a page has nothing to claim, one more is read, as large as DynamoDB allows. Then the poll leaves the partition,
 * and the next poll continues at that place. So a poll has a bounded cost, however many items are claimed or delayed.
 */
final class CandidateReader implements CandidateSource {

    private static final int LEAST_EXAMINED = 25;
    private static final int MOST_EXAMINED = 1000;
    private static final int EXAMINED_PER_CLAIM = 4;

    private final ConsumerContext context;
    private final Claims claims;
    private final int most;
    private final Map<Partition, Map<String, AttributeValue>> places = new HashMap<>();
    private final Deque<Partition> left = new ArrayDeque<>();
    private boolean wide;

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

    @Override
    public void begin(List<Partition> partitions) {
        places.keySet().retainAll(partitions);
        List<Partition> order = new ArrayList<>(partitions);
        Collections.shuffle(order);
        left.clear();
        left.addAll(order);
        wide = false;
    }

    @Override
    public @Nullable CompletableFuture<CandidatePage> next(int wanted) {
        Partition partition = left.peek();
        return partition == null ? null : read(partition);
    }

    private CompletableFuture<CandidatePage> read(Partition partition) {
        Map<String, AttributeValue> place = places.getOrDefault(partition, Map.of());
        Integer examine = wide ? null : (Integer) examined();
        if (partition instanceof Partition.Part part) {
            return claims.segment(part.segment(), place, examine);
        }
        return claims.partition(encoded(context, (Partition.Keyed) partition), place, examine);
    }

    /** The encoded key of a partition. */
    static AttributeValue encoded(ConsumerContext context, Partition.Keyed partition) {
        KeyAttribute partitionKey = context.store().schema().partitionKey();
        return partitionKey.encode(partition.key().partitionKey(), KeyAttribute.LONGEST_PARTITION_KEY);
    }

    private int examined() {
        Integer size = context.options().pageSize();
        return size != null ? size : Math.max(LEAST_EXAMINED, Math.min(MOST_EXAMINED, EXAMINED_PER_CLAIM * most));
    }

    @Override
    public int most(int wanted, int found) {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean repeats() {
        return false;
    }

    @Override
    public void passed(CandidatePage page, List<Candidate> tried, int claimed, int broken) {
        boolean empty = page.candidates().isEmpty();
        places.put(left.element(), page.place());
        if (page.last() || (wide && empty)) {
            failed();
        } else {
            wide = empty;
        }
    }

    @Override
    public void failed() {
        left.remove();
        wide = false;
    }

    /** The oldest first, those of one window in random order. */
    @Override
    public List<Candidate> spread(List<Candidate> found) {
        List<Candidate> spread = new ArrayList<>(found);
        int window = EXAMINED_PER_CLAIM * most;
        for (int from = 0; from < spread.size(); from += window) {
            Collections.shuffle(spread.subList(from, Math.min(spread.size(), from + window)));
        }
        return spread;
    }
}
