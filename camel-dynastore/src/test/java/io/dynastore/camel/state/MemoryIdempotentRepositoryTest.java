/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;

/** The oracle: the contract is what Camel's own repository does. */
class MemoryIdempotentRepositoryTest extends IdempotentRepositoryContract {

    @Override
    IdempotentRepository create() {
        return new MemoryIdempotentRepository();
    }
}
