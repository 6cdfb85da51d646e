/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import io.dynastore.test.DynamoDbExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Locks behind a proxy whose dates are wrong. */
class WrongDatesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final LockFixture fixture = new LockFixture(dynamo);

    @ParameterizedTest
    @ValueSource(strings = {"-P30D", "P30D"})
    void heldLockStaysInTheTableUntilAnHourAfterItsLease(Duration error) throws Exception {
        Key key = LockFixture.freshKey();
        try (DynamoDbAsyncClient client = client(error);
                Locks locks = Locks.builder(client, fixture.schema).build()) {
            locks.acquire(request(LockFixture.freshKey())).get();
            Lease lease = locks.acquire(request(key)).get();

            assertPurge(key, lease);

            lease.renew().get();

            assertPurge(key, lease);
            assertThat(fixture.number(key, "version"))
                    .as("the first token of a name is later than those before")
                    .isGreaterThan(Instant.now().minusSeconds(60).toEpochMilli());
        }
    }

    private void assertPurge(Key key, Lease lease) {
        assertThat(fixture.number(key, "expires"))
                .isGreaterThanOrEqualTo(Instant.now().plusSeconds(3600).getEpochSecond())
                .isGreaterThanOrEqualTo(lease.expires().plusSeconds(3600).getEpochSecond());
    }

    private static LockRequest request(Key key) {
        return LockRequest.of(key)
                .ttl(Duration.ofSeconds(20))
                .purgeAfter(Duration.ofHours(1))
                .build();
    }

    private static DynamoDbAsyncClient client(Duration error) {
        return dynamo.clientBuilder()
                .overrideConfiguration(override -> override.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public SdkHttpResponse modifyHttpResponse(
                            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
                        return context.httpResponse().toBuilder()
                                .putHeader(
                                        "Date",
                                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                                Instant.now().plus(error).atOffset(ZoneOffset.UTC)))
                                .build();
                    }
                }))
                .build();
    }
}
