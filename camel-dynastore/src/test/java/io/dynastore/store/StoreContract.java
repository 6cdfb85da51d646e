/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import io.dynastore.test.DynamoDbExtension;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the contracts of the store have in common: a table for each class, a key for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final AtomicInteger PARTITIONS = new AtomicInteger();

    final StoreFixture table;

    /** A key that no item has when a test begins, in a partition of its own. */
    Key key = Key.of("-", "-");

    StoreContract(Service service) {
        this(service, TableSchema.named("-"));
    }

    /**
     * A contract for tables of a layout.
     *
     * @param layout whatever table it names
     */
    StoreContract(Service service, TableSchema layout) {
        this.table = StoreFixture.of(dynamo, service(service).client(dynamo), layout, spec -> spec);
    }

    /** Another service than the usual one, for a test that is run over both. Called by the constructor. */
    Service service(Service usual) {
        return usual;
    }

    @BeforeEach
    void beginAfresh() {
        key = Key.of("partition-" + PARTITIONS.incrementAndGet(), "a");
        table.clock.set(StoreFixture.NOW);
    }
}
