/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.concurrent.atomic.LongAdder;

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
}
