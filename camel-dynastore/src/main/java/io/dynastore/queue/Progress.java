/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

/** How far the end of a claim has come. */
sealed interface Progress permits Ending, Progress.Ended {

    /** The claim has ended. */
    record Ended(ClaimEnd end) implements Progress {}
}
