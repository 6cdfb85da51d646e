/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the item of its member at short intervals, to hear of partitions that others have freed for it. Runs on the
 * thread of the member.
 *
 * <p>Whoever frees several partitions sends several words, often within milliseconds. So a read that has found one is
 * followed by another one soon.
 *
 * <p>A read that fails is not reported: the looks of the member meet the same error.
 */
final class Watch {

    /** The part of the interval after which a member reads again that has heard something. */
    private static final int SOON = 8;

    private final GroupContext context;
    private final GroupView view;
    private final OwnedPartitions owned;
    private final Takes takes;
    private final Supplier<List<String>> partitions;
    private final BooleanSupplier worthwhile;
    private Set<FreedPartition> heard = Set.of();
    private Set<FreedPartition> shown = Set.of();
    private boolean reading;

    /**
     * Reads nothing yet.
     *
     * @param partitions those that the group shares
     * @param worthwhile whether the member takes partitions now
     */
    Watch(
            GroupContext context,
            GroupView view,
            OwnedPartitions owned,
            Takes takes,
            Supplier<List<String>> partitions,
            BooleanSupplier worthwhile) {
        this.context = context;
        this.view = view;
        this.owned = owned;
        this.takes = takes;
        this.partitions = partitions;
        this.worthwhile = worthwhile;
    }

    /** Begins to read, if the settings say so. */
    void begin() {
        Duration watch = context.settings().watch();
        if (watch.isZero()) {
            return;
        }
        context.runtime().after(watch.toNanos(), this::wake);
    }

    /** What a read or the latest look has found in the item: it needs to be there no more. */
    Set<FreedPartition> heard() {
        Set<FreedPartition> all = new HashSet<>(heard);
        all.addAll(shown);
        return all;
    }

    /**
     * The look, which follows the leases themselves, has found this in the item. So it is removed even if this member
     * does not read its item, or may not.
     */
    void shown(Set<FreedPartition> given) {
        shown = given;
    }

    private void wake() {
        begin();
        look();
    }

    private void look() {
        if (reading || !view.shared() || !worthwhile.getAsBoolean()) {
            return;
        }
        reading = true;
        CompletableFuture<?> unused = context.table()
                .item(context.requests().ownKey())
                .whenComplete((item, error) -> context.runtime().execute(() -> read(item)));
    }

    private void read(@Nullable Map<String, AttributeValue> item) {
        reading = false;
        if (item == null || !worthwhile.getAsBoolean()) {
            return;
        }
        Set<FreedPartition> given = FreedPartition.of(item);
        Set<FreedPartition> news = new HashSet<>(given);
        news.removeAll(heard);
        heard = given;
        if (!news.isEmpty()) {
            take(news);
            context.runtime().after(context.settings().watch().toNanos() / SOON, this::look);
        }
    }

    private void take(Set<FreedPartition> news) {
        Map<String, Long> tokens = new HashMap<>();
        news.forEach(one -> tokens.merge(one.lease(), one.token(), Math::max));
        for (String partition : partitions.get()) {
            Long token = tokens.get(GroupRequests.leaseName(partition));
            LeaseItem seen = view.lease(partition);
            if (token != null
                    && (seen == null || token >= seen.fence())
                    && !owned.all().containsKey(partition)
                    && owned.kept().size() + takes.size() < context.settings().most()) {
                takes.takeFreed(partition);
            }
        }
        takes.proceed();
    }
}
