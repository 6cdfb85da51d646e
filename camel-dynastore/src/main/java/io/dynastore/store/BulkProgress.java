/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

/** How far a bulk call has come. Thread safe; each number is that of the moment. */
public interface BulkProgress {

    /** What is done with each entry. */
    Operation operation();

    /** The number of entries that were taken. */
    long taken();

    /** The number of writes that were applied. */
    long written();

    /** The number of writes that failed. */
    int failed();

    /** The number of writes in flight. */
    int inFlight();

    /** The most writes that may be in flight now: fewer than the call allows while the service throttles. */
    int limit();
}
