/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.WriteRefusedException;
import io.dynastore.store.internal.item.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * How many writes may be in flight: additive increase, multiplicative decrease. Throttling halves the limit, and as
 * many successes as the limit raise it by one. Not thread safe.
 *
 * <p>Decision 23 in docs/decisions has the reasons.
 */
final class WriteLimit {

    /** Consecutive decreases without any success: together about half a minute of pauses, besides the client's own. */
    private static final int MOST_BARREN = 10;

    private final int most;
    private final Backoff backoff;
    private int now;
    private int epoch;
    private int barren;
    private int successes;

    WriteLimit(int most, RandomGenerator random) {
        this.most = most;
        this.now = most;
        this.backoff = new Backoff(random);
    }

    /** Whether the service refused a request, or a transaction of one write, because there were too many. */
    static boolean isThrottling(Throwable error) {
        return (error instanceof SdkServiceException refused && refused.isThrottlingException())
                || (error instanceof WriteRefusedException part && part.kind() == WriteRefusedException.Kind.THROTTLED);
    }

    /** The limit. */
    int now() {
        return now;
    }

    /** The number of decreases up to now. */
    int epoch() {
        return epoch;
    }

    void succeeded() {
        barren = 0;
        successes++;
        if (now < most && successes >= now) {
            now++;
            successes = 0;
        }
    }

    /**
     * A write was throttled. All that were sent under one limit decrease it once.
     *
     * @param sentUnder the number of decreases when it was sent
     * @return whether to try again
     */
    boolean throttled(int sentUnder) {
        if (sentUnder == epoch) {
            epoch++;
            barren++;
            successes = 0;
            now = Math.max(1, now / 2);
        }
        return barren <= MOST_BARREN;
    }

    /** How long to wait before the next write. */
    Duration pause() {
        return backoff.pause(Math.max(0, barren - 1));
    }
}
