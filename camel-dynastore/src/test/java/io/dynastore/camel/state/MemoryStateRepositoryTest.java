/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;

/** The oracle: the contract is what Camel's own repository does. */
class MemoryStateRepositoryTest extends StateRepositoryContract {

    @Override
    StateRepository<String, String> create() {
        return new MemoryStateRepository();
    }
}
