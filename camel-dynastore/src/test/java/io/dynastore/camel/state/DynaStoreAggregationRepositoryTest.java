/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.OptimisticLockingAggregationRepository;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The repository on a real engine keeps the contract of Camel's own. */
@NeedsEngine(EngineAbility.TRANSACT_WRITE_ITEMS)
class DynaStoreAggregationRepositoryTest extends AggregationRepositoryContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static @Nullable String table;

    private final DynaStoreAggregationRepository created = new DynaStoreAggregationRepository();

    @Override
    OptimisticLockingAggregationRepository create() {
        created.setTableName(table());
        created.setName("contract-" + NAMES.incrementAndGet());
        created.setShards(2);
        created.setDynamoDbAsyncClient(dynamo.client());
        return created;
    }

    /** Nothing is left that a recovery would deliver again. */
    @AfterEach
    void everyCompletedGroupIsConfirmed() {
        StateTests.await().until(() -> created.getInFlightCount() == 0);
        assertThat(created.scan(context)).isEmpty();
        assertThat(created.getUnrecoverableCount()).isZero();
    }

    private static synchronized String table() {
        if (table == null) {
            table = dynamo.table("aggregation");
        }
        return table;
    }
}
