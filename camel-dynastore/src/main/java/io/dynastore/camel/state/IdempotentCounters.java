/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.util.concurrent.atomic.LongAdder;

/**
 * What an idempotent repository has counted since it was made. Thread safe.
 *
 * @param added keys that were added
 * @param duplicates adds that found their key taken
 * @param refused confirms and removes by a caller that did not add the key
 * @param lost keys that were taken or removed by another before their owner confirmed or removed them
 */
record IdempotentCounters(LongAdder added, LongAdder duplicates, LongAdder refused, LongAdder lost) {

    IdempotentCounters() {
        this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
}
