/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What lock is wanted, and how it is to be held.
 *
 * <pre>{@code
 * LockRequest.of(Key.of("locks", "nightly-import")).ttl(Duration.ofSeconds(30)).build();
 * }</pre>
 *
 * @param key the lock; for any lock of a partition: without the sort key
 * @param owner who wants it, readable by others; null: {@link Locks#owner}
 * @param ttl the length of the lease, from 100 ms to a day
 * @param acquireTimeout how long to wait for a lock that is held; zero: try once
 * @param heartbeat whether the lease is renewed in the background until it is released
 * @param clockSkew the largest difference between clocks to allow for
 * @param takeover on what grounds to take a lock that was not released
 * @param data what to store with the lock, readable by others; null leaves what is there
 * @param purgeAfter when an unused lock is removed from the table: an hour or more, and longer than the lease
 * @param pollInterval the most time between two looks at a lock that is waited for
 */
public record LockRequest(
        Key key,
        @Nullable String owner,
        Duration ttl,
        Duration acquireTimeout,
        boolean heartbeat,
        Duration clockSkew,
        Takeover takeover,
        @Nullable Object data,
        Duration purgeAfter,
        Duration pollInterval) {

    private static final Duration SHORTEST_TTL = Duration.ofMillis(100);
    private static final Duration LONGEST_TTL = Duration.ofDays(1);
    private static final Duration SHORTEST_PURGE = Duration.ofHours(1);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(36_525);

    /**
     * Checks the bounds.
     *
     * @throws InvalidInputException naming the key and the remedy
     */
    public LockRequest {
        check(key, "lockTtl", ttl, SHORTEST_TTL, LONGEST_TTL);
        check(key, "acquireTimeout", acquireTimeout, Duration.ZERO, LONGEST);
        check(key, "clockSkew", clockSkew, Duration.ZERO, LONGEST_TTL);
        check(key, "purgeAfter", purgeAfter, SHORTEST_PURGE, LONGEST);
        check(key, "pollInterval", pollInterval, SHORTEST_POLL, LONGEST_TTL);
        if (purgeAfter.compareTo(ttl.plus(clockSkew)) <= 0) {
            throw new InvalidInputException("Key " + key + ": purgeAfter " + purgeAfter
                    + " would remove a lock that is held. Make it longer than lockTtl and clockSkew together.");
        }
        if (owner != null && owner.isBlank()) {
            throw new InvalidInputException("Key " + key + ": the lock's owner is blank. Name it, or leave it out.");
        }
    }

    /** Starts a request with everything at its default. */
    public static Builder of(Key key) {
        return new Builder(key);
    }

    /** Names the request without its data, so that it may be logged. */
    @Override
    public String toString() {
        return "Lock" + key + " for " + (owner == null ? "this component" : Key.shown(owner)) + ", ttl " + ttl;
    }

    private static void check(Key key, String option, Duration given, Duration shortest, Duration longest) {
        if (given.compareTo(shortest) < 0 || given.compareTo(longest) > 0) {
            throw new InvalidInputException("Key " + key + ": " + option + " is " + given + ", and may be from "
                    + shortest + " to " + longest + ".");
        }
    }

    /** Collects the parts of a request. Not thread safe. */
    public static final class Builder {
        private Key key;
        private @Nullable String owner;
        private Duration ttl = Duration.ofSeconds(20);
        private Duration acquireTimeout = Duration.ZERO;
        private boolean heartbeat = true;
        private Duration clockSkew = Duration.ofSeconds(2);
        private Takeover takeover = Takeover.BOTH;
        private @Nullable Object data;
        private Duration purgeAfter = Duration.ofDays(7);
        private Duration pollInterval = Duration.ofSeconds(1);

        private Builder(Key key) {
            this.key = key;
        }

        /** The lock. */
        public Builder key(Key key) {
            this.key = key;
            return this;
        }

        /** Who wants it; null: the name of the component. Default: null. */
        public Builder owner(@Nullable String owner) {
            this.owner = owner;
            return this;
        }

        /** The length of the lease. Default: 20 seconds. */
        public Builder ttl(Duration ttl) {
            this.ttl = ttl;
            return this;
        }

        /** How long to wait for a lock that is held. Default: not at all. */
        public Builder acquireTimeout(Duration timeout) {
            this.acquireTimeout = timeout;
            return this;
        }

        /** Whether the lease is renewed in the background. Default: true. */
        public Builder heartbeat(boolean heartbeat) {
            this.heartbeat = heartbeat;
            return this;
        }

        /** The largest difference between clocks to allow for. Default: 2 seconds. */
        public Builder clockSkew(Duration skew) {
            this.clockSkew = skew;
            return this;
        }

        /** On what grounds to take a lock that was not released. Default: both. */
        public Builder takeover(Takeover takeover) {
            this.takeover = takeover;
            return this;
        }

        /** What to store with the lock; null leaves what is there. Default: null. */
        public Builder data(@Nullable Object data) {
            this.data = data;
            return this;
        }

        /** When an unused lock is removed from the table. Default: after 7 days. */
        public Builder purgeAfter(Duration time) {
            this.purgeAfter = time;
            return this;
        }

        /** The most time between two looks at a lock that is waited for. Default: one second. */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = interval;
            return this;
        }

        /**
         * The request.
         *
         * @throws InvalidInputException naming the key and the remedy, if a part is out of its bounds
         */
        public LockRequest build() {
            return new LockRequest(
                    key, owner, ttl, acquireTimeout, heartbeat, clockSkew, takeover, data, purgeAfter, pollInterval);
        }
    }
}
