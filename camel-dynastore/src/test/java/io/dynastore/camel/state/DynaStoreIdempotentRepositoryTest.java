/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.test.DynamoDbExtension;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.IdempotentRepository;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The repository on a real engine keeps the contract of Camel's own. */
class DynaStoreIdempotentRepositoryTest extends IdempotentRepositoryContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static @Nullable String table;

    @Override
    IdempotentRepository create() {
        DynaStoreIdempotentRepository created = new DynaStoreIdempotentRepository();
        created.setTableName(table());
        created.setName("contract-" + NAMES.incrementAndGet());
        created.setDynamoDbAsyncClient(dynamo.client());
        return created;
    }

    private static synchronized String table() {
        if (table == null) {
            table = dynamo.table("idempotent");
        }
        return table;
    }
}
