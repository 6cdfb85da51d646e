/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

/** What can happen to one request on its way to the engine, or to the response on its way back. */
public enum Fault {
    /** Nothing. */
    NONE,
    /** The connection breaks before the engine has seen anything. */
    DROP,
    /** The engine carries the request out, and the connection breaks before the response arrives. */
    LOSE_RESPONSE,
    /** The connection breaks, and yet the request reaches the engine some time later, perhaps after its own retry. */
    ARRIVE_LATE,
    /** Answered as usual; the same bytes reach the engine once more some time later. */
    DUPLICATE,
    /** HTTP 500 from something in front of the engine. */
    ERROR_500,
    /** HTTP 503 from something in front of the engine. */
    ERROR_503,
    /** The engine carries the request out, and HTTP 500 is what comes back. */
    ERROR_500_APPLIED,
    /** The engine carries the request out, and HTTP 503 is what comes back. */
    ERROR_503_APPLIED,
    /** Throttled: HTTP 400 with ProvisionedThroughputExceededException; the engine sees nothing. */
    THROTTLE,
    /** The engine's response comes late. */
    SLOW_ANSWER;

    /** Whether the SDK sees a failure that it answers with a retry. */
    boolean retried() {
        return this != NONE && this != DUPLICATE && this != SLOW_ANSWER;
    }
}
