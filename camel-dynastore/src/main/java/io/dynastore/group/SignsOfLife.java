/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.group;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The item of a member, by whose changes others see that it lives. Runs on the thread of the member. */
final class SignsOfLife {

    private final GroupContext context;
    private final Watch watch;
    private final IntSupplier most;
    private volatile long latest;
    private volatile @Nullable Throwable failure;
    private long joined;
    private long sent;
    private boolean present;
    private boolean over;

    /**
     * Gives no sign yet.
     *
     * @param watch knows what the member has heard of
     * @param most the most partitions that the member takes now
     */
    SignsOfLife(GroupContext context, Watch watch, IntSupplier most) {
        this.context = context;
        this.watch = watch;
        this.most = most;
        this.latest = nanos();
    }

    /** The member joins now. */
    void begin() {
        latest = nanos();
        joined = context.runtime().now().wall().toEpochMilli();
        give();
    }

    /** Gives a sign. */
    void give() {
        if (!over) {
            sent = nanos();
            CompletableFuture<?> unused = context.table()
                    .write(context.requests()
                            .beat(
                                    most.getAsInt(),
                                    joined,
                                    !present,
                                    watch.heard(),
                                    context.runtime().now()))
                    .thenAccept(result -> context.runtime().execute(() -> given(result)));
        }
    }

    /** Gives a sign, unless the latest one is younger than half an interval. */
    void giveIfDue() {
        if (nanos() - sent > context.settings().interval().toNanos() / 2) {
            give();
        }
    }

    private void given(GroupWrite result) {
        present = present ? !(result instanceof GroupWrite.Refused) : result instanceof GroupWrite.Applied;
        failure = result instanceof GroupWrite.Failed failed ? failed.cause() : null;
        if (failure == null) {
            latest = nanos();
        }
    }

    /** The member leaves: its item is removed. */
    void end() {
        over = true;
        CompletableFuture<?> unused = context.table().remove(context.requests().ownKey());
    }

    /** No further sign is given. */
    void stop() {
        over = true;
    }

    /** Why no sign could be given for the length of a lease; null if one could. Thread safe. */
    @Nullable
    Throwable failure() {
        boolean late = nanos() - latest > context.settings().lease().toNanos();
        return late ? failure : null;
    }

    private long nanos() {
        return context.runtime().now().nanos();
    }
}
