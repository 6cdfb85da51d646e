/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import org.apache.camel.processor.aggregate.MemoryAggregationRepository;
import org.apache.camel.spi.OptimisticLockingAggregationRepository;

/** Camel's own repository: the contract says what it does. */
class MemoryAggregationRepositoryTest extends AggregationRepositoryContract {

    @Override
    OptimisticLockingAggregationRepository create() {
        return new MemoryAggregationRepository(true);
    }
}
