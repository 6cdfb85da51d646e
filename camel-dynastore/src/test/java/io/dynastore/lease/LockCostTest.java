/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import io.dynastore.test.DynamoDbExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The cost of each step of a lock, in capacity units that the service counts. */
class LockCostTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final List<Double> units = new CopyOnWriteArrayList<>();
    private final LockFixture table = new LockFixture(dynamo);
    private final DynamoDbAsyncClient client = dynamo.clientBuilder()
            .overrideConfiguration(override -> override.addExecutionInterceptor(new Meter()))
            .build();
    private final Locks locks = table.locks(client, new ManualTime()).build();
    private final Key key = LockFixture.freshKey();

    @AfterEach
    void close() {
        locks.close();
        client.close();
    }

    @Test
    void acquireRenewalAndReleaseAreOneWriteUnitEach() {
        Lease lease = got(locks.acquire(LockRequest.of(key).build()));
        got(lease.renew());
        got(lease.release());

        assertThat(units).containsExactly(1.0, 1.0, 1.0);
    }

    @Test
    void dataCostCapacityWithEachWrite() {
        Lease lease =
                got(locks.acquire(LockRequest.of(key).data("x".repeat(3000)).build()));
        got(lease.renew());

        assertThat(units).containsExactly(4.0, 4.0);
    }

    @Test
    void listingIsOneReadUnitForMany() {
        for (int i = 0; i < 5; i++) {
            got(locks.acquire(LockRequest.of(LockFixture.freshKey()).build()));
        }
        units.clear();

        assertThat(locks.list("locks")).hasSizeGreaterThanOrEqualTo(5);
        assertThat(units).containsExactly(1.0);
    }

    /** Makes the service return the consumed capacity. */
    private final class Meter implements ExecutionInterceptor {

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            if (context.request() instanceof UpdateItemRequest update) {
                return update.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            return context.request() instanceof QueryRequest query
                    ? query.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .build()
                    : context.request();
        }

        @Override
        public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            if (context.response() instanceof UpdateItemResponse update) {
                units.add(update.consumedCapacity().capacityUnits());
            } else if (context.response() instanceof QueryResponse query) {
                units.add(query.consumedCapacity().capacityUnits());
            }
        }
    }
}
