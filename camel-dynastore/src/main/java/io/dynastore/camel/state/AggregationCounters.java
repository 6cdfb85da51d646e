/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.RepositoryMetrics;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What an aggregation repository has counted since it was made. Thread safe.
 *
 * @param conflicts writes that another node, or another thread, was ahead of
 * @param completed groups that this node has completed
 * @param recovered completed groups that this node has delivered again
 * @param exhausted completed groups that this node has sent to the dead letter endpoint
 * @param adopted groups that this node has completed for their time-out, which another should have done
 * @param lost completed groups that another node has recovered while this one worked on them
 * @param unrecoverable groups that were completed without a copy to recover
 */
record AggregationCounters(
        LongAdder conflicts,
        LongAdder completed,
        LongAdder recovered,
        LongAdder exhausted,
        LongAdder adopted,
        LongAdder lost,
        LongAdder unrecoverable) {

    AggregationCounters() {
        this(
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder());
    }

    /**
     * What operators see.
     *
     * @param inFlight the number of completed groups that are being processed
     * @param unconfirmed the number of processed groups whose confirm is repeated
     * @param oldestMillis the age of the oldest of the groups in flight, in milliseconds
     */
    RepositoryMetrics metrics(String name, LongSupplier inFlight, LongSupplier unconfirmed, LongSupplier oldestMillis) {
        return RepositoryMetrics.of("aggregation", name)
                .withEntries("inFlight", inFlight)
                .withEntries("unconfirmed", unconfirmed)
                .withAge("inFlight", oldestMillis)
                .withEvents("completed", completed::sum)
                .withEvents("conflict", conflicts::sum)
                .withEvents("recovered", recovered::sum)
                .withEvents("exhausted", exhausted::sum)
                .withEvents("adopted", adopted::sum)
                .withEvents("lost", lost::sum)
                .withEvents("unrecoverable", unrecoverable::sum);
    }
}
