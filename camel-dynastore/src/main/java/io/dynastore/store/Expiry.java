/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Duration;
import java.time.Instant;

/**
 * What a write does to an item's expiry. Immutable.
 *
 * <p>After its expiry an item counts as absent, by the clock of the client that reads or writes it. DynamoDB removes it
 * later, if the table's time to live is on.
 */
public sealed interface Expiry {

    /** An update keeps the item's expiry; a new item has none. */
    Expiry KEEP = new Keep();

    /** The item never expires: the write removes its expiry. */
    Expiry NEVER = new Never();

    /**
     * The item expires a time to live after the write.
     *
     * @param ttl rounded up to whole seconds
     * @throws InvalidInputException if the duration is zero, negative or longer than 365,250 days
     */
    static Expiry after(Duration ttl) {
        return new After(ttl);
    }

    /** See {@link #KEEP}. */
    record Keep() implements Expiry {}

    /** See {@link #NEVER}. */
    record Never() implements Expiry {}

    /**
     * See {@link #after}.
     *
     * @param ttl positive, 365,250 days at most
     */
    record After(Duration ttl) implements Expiry {

        /** A thousand years: far beyond any use, and far from an overflow of epoch seconds. */
        private static final Duration LONGEST = Duration.ofDays(365_250);

        public After {
            if (ttl.isZero() || ttl.isNegative()) {
                throw new InvalidInputException("A time to live must be positive, not " + ttl
                        + ": delete the item instead, or use 'none' to keep it for ever.");
            }
            if (ttl.compareTo(LONGEST) > 0) {
                throw new InvalidInputException(
                        "A time to live of " + ttl + " is too long: use 'none' to keep the item for ever.");
            }
        }

        /** The expiry of a write at this instant, in whole seconds. */
        public Instant from(Instant now) {
            long seconds = ttl.getNano() == 0 ? ttl.getSeconds() : ttl.getSeconds() + 1;
            return Instant.ofEpochSecond(now.getEpochSecond() + seconds);
        }
    }
}
