/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.queue.Candidate;
import io.dynastore.queue.CandidatePage;
import io.dynastore.queue.Claims;
import io.dynastore.store.ClaimIndex;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Looks for due items in the index of a queue, shard by shard.
 *
 * <ol>
 *   <li>Only due items are read. So the cost of a poll does not grow with the items that are claimed or delayed.
 *   <li>All consumers visit the shards in the same order, one page at a time, and each begins at a random one. So those
 *       that are at different shards stay apart. A consumer whose claim was refused goes on at a random shard.
 *   <li>A page is claimed in random order. {@link ClaimSpread} says how much is read, and how much of it is claimed. So
 *       two consumers that do read the same page seldom try the same item.
 *   <li>What was read of a shard and not tried is remembered. If it is gone at the next visit, there are other
 *       consumers. If it is there each time, there are none.
 *   <li>A shard that has more is visited again after the others, from its oldest entry on. If a page had nothing to
 *       claim, since the index is stale, the next one follows, up to a limit.
 *   <li>Now and then the table is looked through for items that the index lacks.
 * </ol>
 *
 * <p>Decision 19 in docs/decisions has the reasons.
 */
final class DueItems implements CandidateSource {

    /** So many small entries cost half a read unit, as one does. With fewer, consumers would meet more often. */
    private static final int LEAST_EXAMINED = 24;

    private static final int MOST_EXAMINED = 1000;

    private static final int MOST_BARREN = 3;

    private final ConsumerContext context;
    private final Claims claims;
    private final CandidateSource table;
    private final long tableInterval;
    private final int concurrent;
    private final List<Integer> order;
    private final ClaimIndex index;
    private final Deque<Shard> left = new ArrayDeque<>();

    /** Where a poll gave a shard up, because page after page had nothing to claim. */
    private final Map<Place, Map<String, AttributeValue>> places = new HashMap<>();

    /** What was left of the shards at the last visit. */
    private final Map<Place, LeftItems> leftItems = new HashMap<>();

    /** The shards whose pages are in use. */
    private final Deque<Shard> inUse = new ArrayDeque<>();

    private final RandomGenerator random = new SplittableRandom();
    private final ClaimSpread spread = new ClaimSpread();
    private List<Partition> partitions = List.of();
    private @Nullable Long tableSeen;
    private boolean inTable;

    private record Place(Partition partition, int number) {}

    /** A shard that is to be visited. */
    private record Shard(Partition partition, int number, Map<String, AttributeValue> place, int barren) {}

    /**
     * A source that has seen nothing.
     *
     * @param table looks for items that the index lacks
     * @param tableInterval how often it does; zero: never
     * @param concurrent the most items that can be claimed at a time
     */
    DueItems(
            ConsumerContext context,
            Claims claims,
            ClaimIndex index,
            CandidateSource table,
            Duration tableInterval,
            int concurrent) {
        this.context = context;
        this.claims = claims;
        this.index = index;
        this.table = table;
        this.tableInterval = tableInterval.toNanos();
        this.concurrent = concurrent;
        this.order = new ArrayList<>(IntStream.range(0, index.shards()).boxed().toList());
        Collections.rotate(order, random.nextInt(index.shards()));
    }

    /** What the poll before has left comes first. */
    @Override
    public void begin(List<Partition> listed) {
        partitions = new ArrayList<>(listed);
        Collections.shuffle(partitions);
        inUse.clear();
        left.removeIf(shard -> !listed.contains(shard.partition));
        places.keySet().removeIf(place -> !listed.contains(place.partition));
        leftItems.keySet().removeIf(place -> !listed.contains(place.partition));
        for (int number : order) {
            for (Partition partition : partitions) {
                if (left.stream().noneMatch(known -> known.number == number && known.partition.equals(partition))) {
                    Map<String, AttributeValue> place = places.remove(new Place(partition, number));
                    left.add(new Shard(partition, number, place == null ? Map.of() : place, 0));
                }
            }
        }
    }

    @Override
    public @Nullable CompletableFuture<CandidatePage> next(int wanted) {
        CompletableFuture<CandidatePage> page = inTable(wanted);
        if (page != null) {
            return page;
        }
        Shard shard = left.poll();
        if (shard == null) {
            return null;
        }
        inUse.add(shard);
        AttributeValue partition = CandidateReader.encoded(context, (Partition.Keyed) shard.partition);
        return claims.due(index.shards(partition).get(shard.number), shard.place, examined(wanted));
    }

    private @Nullable CompletableFuture<CandidatePage> inTable(int wanted) {
        long now = System.nanoTime();
        boolean due = tableInterval > 0 && (tableSeen == null || now - tableSeen >= tableInterval);
        if (due && !inTable && inUse.isEmpty()) {
            tableSeen = now;
            inTable = true;
            table.begin(partitions);
        }
        CompletableFuture<CandidatePage> page = inTable ? table.next(wanted) : null;
        inTable = page != null;
        return page;
    }

    private int examined(int wanted) {
        Integer size = context.options().pageSize();
        // Alone, all of a page is claimed. So it may be as large as for a consumer that has nothing in flight.
        int claimed = spread.alone() ? concurrent : wanted;
        return size != null
                ? size
                : Math.max(LEAST_EXAMINED, Math.min(MOST_EXAMINED, spread.examinedPerClaim() * claimed));
    }

    /** Among several consumers, what is read ahead would be claimed by others. */
    @Override
    public boolean readsAhead() {
        return !inTable && spread.alone() && !left.isEmpty();
    }

    @Override
    public int readsAheadAt() {
        return concurrent;
    }

    @Override
    public List<Candidate> spread(List<Candidate> found) {
        if (inTable) {
            return table.spread(found);
        }
        List<Candidate> shuffled = new ArrayList<>(found);
        Collections.shuffle(shuffled);
        return shuffled;
    }

    @Override
    public int most(int wanted, int found) {
        return inTable ? Integer.MAX_VALUE : spread.most(wanted, found);
    }

    @Override
    public boolean repeats() {
        return !inTable;
    }

    @Override
    public void passed(CandidatePage page, List<Candidate> tried, int claimed, int broken) {
        if (inTable) {
            table.passed(page, tried, claimed, broken);
            return;
        }
        Shard shard = inUse.remove();
        compare(shard, page, tried);
        // What nobody can claim shows no other consumer.
        int claimable = tried.size() - broken;
        spread.passed(claimable, claimed);
        boolean untried = tried.size() < page.candidates().size();
        if (page.last() && !untried) {
            return;
        }
        if (shard.barren == MOST_BARREN) {
            places.put(new Place(shard.partition, shard.number), page.place());
            return;
        }
        left.add(
                claimed > 0 || untried
                        ? new Shard(shard.partition, shard.number, shard.place, 0)
                        : new Shard(shard.partition, shard.number, page.place(), shard.barren + 1));
        if (claimable > claimed) {
            rotate();
        }
    }

    /** Compares a page with what was left of its shard, and remembers what is left of it now. */
    private void compare(Shard shard, CandidatePage page, List<Candidate> tried) {
        if (!shard.place.isEmpty()) {
            return;
        }
        Place place = new Place(shard.partition, shard.number);
        List<Integer> found = hashes(page.candidates());
        LeftItems before = leftItems.remove(place);
        int still = before == null ? 0 : before.stillIn(found, page.last());
        if (still < 0) {
            spread.met();
        } else {
            spread.foundAgain(still);
        }
        if (tried.size() < found.size()) {
            leftItems.put(place, LeftItems.of(found, Set.copyOf(hashes(tried))));
        }
    }

    private static List<Integer> hashes(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::keyHash).toList();
    }

    /** Goes on at a random shard. */
    private void rotate() {
        for (int turns = random.nextInt(left.size()); turns > 0; turns--) {
            left.add(left.remove());
        }
    }

    @Override
    public void failed() {
        if (inTable) {
            table.failed();
            return;
        }
        Partition partition = inUse.remove().partition;
        left.removeIf(shard -> shard.partition.equals(partition));
    }
}
