/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

/**
 * A message that was given to a process, and what became of it. Times are of {@link System#nanoTime}.
 *
 * @param id different for each delivery of a message
 * @param message the message
 * @param key its key, which its duplicates share
 * @param sent when it was given to the process
 * @param doomed when the signal that ended the process was sent; the end if there was none
 * @param ended when the outcome was known
 */
record Delivery(long id, int message, String key, long sent, long doomed, long ended, Outcome outcome) {

    /** What the process reported. */
    enum Outcome {
        /** The message was processed, and its key confirmed. */
        PROCESSED,
        /** The message was processed, and the repository did not say that the key is confirmed. */
        UNCONFIRMED,
        /** It is a duplicate of another. */
        DUPLICATE,
        /** The exchange failed. */
        FAILED,
        /** The process was killed. */
        DIED;

        /** Whether the message need not be delivered again. */
        boolean settled() {
            return this == PROCESSED || this == UNCONFIRMED || this == DUPLICATE;
        }
    }
}
