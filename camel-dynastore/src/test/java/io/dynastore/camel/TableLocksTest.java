/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.camel.internal.client.TableLocation;
import io.dynastore.lease.Lease;
import io.dynastore.lease.LockRequest;
import io.dynastore.lease.Locks;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TableLocksTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final TableSchema schema = TableSchema.named(dynamo.table("locks"));
    private final TableLocation location = TableLocation.of(schema.table(), dynamo.client());
    private final TableLocks tables = new TableLocks();

    private Locks use() {
        return tables.use(
                location, schema, () -> Locks.builder(dynamo.client(), schema).build());
    }

    @Test
    void lockOfAnExchangeThatOutlivesItsEndpointIsReleasedAtTheEnd() throws Exception {
        Locks locks = use();
        tables.leave(location, schema);
        assertThat(tables.size()).isZero();
        Lease lease =
                locks.acquire(LockRequest.of(Key.of("customer", "1")).build()).get();

        tables.close(Duration.ofSeconds(20));

        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void lockThatIsHeldKeepsItsTableKnown() throws Exception {
        Locks locks = use();
        Lease lease =
                locks.acquire(LockRequest.of(Key.of("customer", "1")).build()).get();

        tables.leave(location, schema);

        assertThat(use()).isSameAs(locks);
        lease.close();
        tables.leave(location, schema);
        assertThat(tables.size()).isZero();
        tables.close(Duration.ofSeconds(20));
    }
}
