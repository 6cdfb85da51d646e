/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.ClockReading;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a claim ends: the write to send now, and what its result means. Immutable and pure. {@link ClaimRules} has the
 * argument.
 *
 * @param claim the claim, with the item as it was seen last
 * @param goal what is to happen to the item
 * @param stage the write to send
 * @param began when it began to end
 * @param repeated whether an earlier request of this stage may have been applied
 */
record Ending(ClaimRequests requests, Claim claim, Goal goal, Stage stage, ClockReading began, boolean repeated)
        implements Progress {

    /** What is to happen to the item. */
    sealed interface Goal {

        /**
         * Its exchange succeeded.
         *
         * @param version the version that the exchange has read or written last
         */
        record Done(long version) implements Goal {}

        /** Its exchange failed, and it may be claimed again after the delay. */
        record Failed(Duration delay) implements Goal {}

        /** No route has seen it. */
        record Unseen() implements Goal {}

        /** It has had its deliveries, or was rejected. */
        record Dead(String reason) implements Goal {}
    }

    enum Stage {
        DELETE,
        KEEP,
        FREE,
        MOVE,
        MARK
    }

    /** Begins to end a claim. */
    static Ending of(ClaimRequests requests, Claim claim, Goal goal, ClockReading now) {
        return new Ending(requests, claim, goal, first(goal, requests.settings()), now, false);
    }

    private static Stage first(Goal goal, ClaimSettings settings) {
        if (goal instanceof Goal.Done) {
            return Stage.DELETE;
        }
        if (goal instanceof Goal.Dead) {
            return settings.deadPartition() == null ? Stage.MARK : Stage.MOVE;
        }
        return Stage.FREE;
    }

    /** The write to send. It is the same for each repetition of a stage. */
    ClaimWrite write() {
        return switch (stage) {
            case DELETE -> new ClaimWrite.Delete(requests.delete(claim, ((Goal.Done) goal).version()));
            case KEEP -> new ClaimWrite.Update(requests.keep(claim, began));
            case FREE ->
                new ClaimWrite.Update(
                        goal instanceof Goal.Failed failed
                                ? requests.fail(claim, failed.delay(), began)
                                : requests.giveBack(claim, began));
            case MOVE -> requests.move(claim, ((Goal.Dead) goal).reason());
            case MARK -> new ClaimWrite.Update(requests.bury(claim, ((Goal.Dead) goal).reason()));
        };
    }

    /** What follows from the result of the write. If the outcome is unknown, the same write is to be sent again. */
    Progress after(WriteResult result) {
        if (result instanceof WriteResult.Refused refused) {
            return refused(refused.found(), repeated || refused.repeated());
        }
        if (result instanceof WriteResult.Failed failed) {
            return new Ending(requests, claim, goal, stage, began, repeated || failed.applied());
        }
        return result instanceof WriteResult.Occupied ? stage(Stage.MARK, claim) : new Progress.Ended(aim());
    }

    private ClaimEnd aim() {
        return switch (stage) {
            case DELETE -> ClaimEnd.DELETED;
            case KEEP -> ClaimEnd.KEPT;
            case FREE -> ClaimEnd.FREED;
            case MOVE, MARK -> ClaimEnd.DEAD;
        };
    }

    private Progress refused(@Nullable QueueItem found, boolean sentBefore) {
        if (found == null) {
            // Gone: by an earlier attempt, by the route itself or by another program.
            return new Progress.Ended(stage == Stage.MOVE && !sentBefore ? ClaimEnd.DELETED : gone());
        }
        if (found.heldBy(claim.id())) {
            Claim seen = new Claim(claim.id(), claim.schema(), found.attributes(), claim.term(), claim.until());
            return stage(stage == Stage.DELETE ? Stage.KEEP : stage, seen);
        }
        return new Progress.Ended(sentBefore && appliedBefore(found) ? aim() : ClaimEnd.LOST);
    }

    private ClaimEnd gone() {
        return stage == Stage.MOVE ? ClaimEnd.DEAD : ClaimEnd.DELETED;
    }

    /** Whether the item looks as an earlier attempt would have left it, or is another one under the same key. */
    private boolean appliedBefore(QueueItem found) {
        return switch (stage) {
            case DELETE, MOVE -> found.fence() < claim.token();
            case KEEP, FREE -> found.fence() <= claim.token();
            case MARK -> found.dead();
        };
    }

    private Ending stage(Stage next, Claim seen) {
        return new Ending(requests, seen, goal, next, began, false);
    }
}
