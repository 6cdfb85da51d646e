/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import io.dynastore.store.Failures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The looks of a member at its group: one at a time, one in each interval, and more while it waits for partitions. Runs
 * on the thread of the member.
 */
final class Looks {

    /** While it waits for partitions that it has asked for, a member looks more often, but not for ever. */
    private static final int QUICK_LOOKS = 16;

    private static final int QUICK = 5;

    private final GroupContext context;
    private final Runnable before;
    private final Predicate<List<Map<String, AttributeValue>>> act;
    private volatile @Nullable Throwable failure = new TimeoutException("No response has arrived yet.");
    private volatile long latest;
    private int planned;
    private int quick;
    private boolean looking;
    private boolean over;

    /**
     * Has not looked yet.
     *
     * @param before runs before each look
     * @param act gets the items of the group. Returns whether the member waits for partitions of others
     */
    Looks(GroupContext context, Runnable before, Predicate<List<Map<String, AttributeValue>>> act) {
        this.context = context;
        this.before = before;
        this.act = act;
        this.latest = nanos();
    }

    /** Looks soon. Members that start together look at different times. */
    void begin() {
        latest = nanos();
        long pause = context.settings().interval().toNanos() / QUICK;
        after((long) (pause * context.runtime().random().nextDouble()));
    }

    /** Does not look any more. */
    void end() {
        over = true;
    }

    private void after(long nanos) {
        int number = ++planned;
        context.runtime().after(nanos, () -> {
            if (number == planned) {
                now();
            }
        });
    }

    /** Looks now. */
    void now() {
        if (over || looking) {
            return;
        }
        looking = true;
        try {
            before.run();
            CompletableFuture<?> unused = context.table().items().whenComplete((items, error) -> context.runtime()
                    .execute(() -> looked(items, error)));
        } catch (RuntimeException | Error e) {
            looked(null, e);
            throw e;
        }
    }

    /** Looks now, unless the latest look was shortly before. */
    void soon() {
        Duration since = Duration.ofNanos(nanos() - latest);
        if (since.compareTo(context.settings().interval().dividedBy(QUICK)) > 0) {
            now();
        }
    }

    private void looked(@Nullable List<Map<String, AttributeValue>> items, @Nullable Throwable error) {
        looking = false;
        if (over) {
            return;
        }
        boolean waits = false;
        try {
            if (items == null) {
                failure = error == null ? null : Failures.cause(error);
            } else {
                waits = act.test(items);
                failure = null;
                latest = nanos();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            again(waits);
        }
    }

    /** Whatever a look has come to, another one follows. */
    private void again(boolean waits) {
        quick = waits ? quick + 1 : 0;
        long interval = context.settings().interval().toNanos();
        long next = waits && quick <= QUICK_LOOKS ? interval / QUICK : interval;
        after((long) (next * (0.9 + 0.1 * context.runtime().random().nextDouble())));
    }

    /** Why no look has succeeded for the length of a lease; null if one has. Thread safe. */
    @Nullable
    Throwable failure() {
        if (nanos() - latest <= context.settings().lease().toNanos()) {
            return null;
        }
        Throwable known = failure;
        return known == null ? new TimeoutException("The member has stood still.") : known;
    }

    private long nanos() {
        return context.runtime().now().nanos();
    }
}
