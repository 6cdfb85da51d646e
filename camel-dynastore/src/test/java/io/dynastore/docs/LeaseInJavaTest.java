/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.lease.Lease;
import io.dynastore.lease.LockRequest;
import io.dynastore.lease.Locks;
import io.dynastore.store.Key;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** In docs/locks.md. */
class LeaseInJavaTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private long imported;

    @Test
    void worksUnderALockThatNobodyElseHolds() throws Exception {
        importOnce(dynamo.client(), dynamo.table("tickets"));

        assertThat(imported).isPositive();
    }

    private void importOnce(DynamoDbAsyncClient client, String table) throws InterruptedException {
        LockRequest request = LockRequest.of(Key.of("locks", "import"))
                .ttl(Duration.ofSeconds(30))
                .build();
        try (Locks locks = Locks.builder(client, TableSchema.named(table)).build()) {
            Optional<Lease> lease = locks.tryLock(request); // empty if another owner holds the lock
            lease.ifPresent(held -> importUnder(held.token()));
        } // closing the locks releases the lease
    }

    private void importUnder(long fencingToken) {
        imported = fencingToken;
    }
}
