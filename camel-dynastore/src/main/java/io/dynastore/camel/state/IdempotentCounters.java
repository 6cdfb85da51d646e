/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.RepositoryMetrics;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What an idempotent repository has counted since it was made. Thread safe.
 *
 * @param added keys that were added
 * @param duplicates adds that found their key taken
 * @param refused confirms and removes by a caller that did not add the key
 * @param lost keys that were taken or removed by another before their owner confirmed or removed them
 * @param renewed renewals of leases
 */
record IdempotentCounters(LongAdder added, LongAdder duplicates, LongAdder refused, LongAdder lost, LongAdder renewed) {

    IdempotentCounters() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }

    /**
     * What operators see.
     *
     * @param inFlight the number of keys in flight
     * @param unconfirmed the number of keys whose confirm is repeated
     * @param oldestMillis the age of the oldest of the keys in flight, in milliseconds
     */
    RepositoryMetrics metrics(String name, LongSupplier inFlight, LongSupplier unconfirmed, LongSupplier oldestMillis) {
        return RepositoryMetrics.of("idempotent", name)
                .withEntries("inFlight", inFlight)
                .withEntries("unconfirmed", unconfirmed)
                .withAge("inFlight", oldestMillis)
                .withEvents("added", added::sum)
                .withEvents("duplicate", duplicates::sum)
                .withEvents("refused", refused::sum)
                .withEvents("lost", lost::sum)
                .withEvents("renewed", renewed::sum);
    }
}
