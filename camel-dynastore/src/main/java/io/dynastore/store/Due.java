/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.time.Duration;
import java.time.Instant;

/** From when a written item may be claimed by a consumer of a work queue. Any other read and write ignores it. */
public sealed interface Due {

    /** A write keeps what the item has; a new item may be claimed at once. */
    Due KEEP = new Keep();

    /**
     * The item may be claimed this time after the write.
     *
     * @throws InvalidInputException if the duration is negative or longer than 365,250 days
     */
    static Due after(Duration delay) {
        return new After(delay);
    }

    /** The item may be claimed from this instant on. */
    static Due at(Instant instant) {
        return new At(instant);
    }

    /** See {@link #KEEP}. */
    record Keep() implements Due {}

    /**
     * See {@link #after}.
     *
     * @param delay 0 or more, 365,250 days at most
     */
    record After(Duration delay) implements Due {

        /** A thousand years: far beyond any use, and far from an overflow of milliseconds. */
        private static final Duration LONGEST = Duration.ofDays(365_250);

        public After {
            if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
                throw new InvalidInputException(
                        "A delivery after " + delay + " is not possible: give a duration between 0 and 365,250 days.");
            }
        }
    }

    /**
     * See {@link #at}.
     *
     * @param instant any instant whose milliseconds since 1970 are a long
     */
    record At(Instant instant) implements Due {

        public At {
            try {
                long unused = instant.toEpochMilli();
            } catch (ArithmeticException e) {
                throw new InvalidInputException("The item can't be due at " + instant + ": give a nearer instant.", e);
            }
        }
    }
}
