/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which lock to acquire, and how to hold it.
 *
 * <pre>{@code
 * LockRequest.of(Key.of("locks", "nightly-import")).ttl(Duration.ofSeconds(30)).build();
 * }</pre>
 *
 * @param key the lock; without the sort key for any lock of a partition
 * @param owner the name of the owner, readable by others; null: {@link Locks#owner}
 * @param ttl the length of the lease, from 100 ms to a day
 * @param acquireTimeout how long to wait for a lock that is held; zero: try once
 * @param heartbeat whether the lease is renewed in the background until it is released
 * @param clockSkew the largest difference between clocks to allow for
 * @param takeover what shows that a lock may be taken from a holder that has not released it
 * @param data the data to store with the lock, readable by others; null leaves the data that it has
 * @param purgeAfter when an unused lock is removed from the table: an hour or more, and longer than the lease
 * @param pollInterval the longest time between two looks at a lock while waiting for it
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

    /** Starts a request with the defaults. */
    public static Builder of(Key key) {
        return new Builder(key);
    }

    /** Describes the request without its data, so that it may be logged. */
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

    /** Builds a request. Not thread safe. */
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

        /** The name of the owner; null: {@link Locks#owner}. Default: null. */
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

        /** What shows that a lock may be taken from a holder that has not released it. Default: both. */
        public Builder takeover(Takeover takeover) {
            this.takeover = takeover;
            return this;
        }

        /** The data to store with the lock; null leaves the data that it has. Default: null. */
        public Builder data(@Nullable Object data) {
            this.data = data;
            return this;
        }

        /** When an unused lock is removed from the table. Default: after 7 days. */
        public Builder purgeAfter(Duration time) {
            this.purgeAfter = time;
            return this;
        }

        /** The longest time between two looks at a lock while waiting for it. Default: one second. */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = interval;
            return this;
        }

        /**
         * Builds the request.
         *
         * @throws InvalidInputException naming the key and the remedy, if a value is out of its bounds
         */
        public LockRequest build() {
            return new LockRequest(
                    key, owner, ttl, acquireTimeout, heartbeat, clockSkew, takeover, data, purgeAfter, pollInterval);
        }
    }
}
