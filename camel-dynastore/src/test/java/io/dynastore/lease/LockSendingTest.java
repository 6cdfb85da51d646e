/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The requests of locks while a client waits, and after the end. */
@Timeout(60)
class LockSendingTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final LockFixture fixture = new LockFixture(dynamo);

    @Test
    void leasesOfOneClientDoNotWaitForTheCredentialsOfAnother() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AwsBasicCredentials credentials = AwsBasicCredentials.create("any", "any");
        try (DynamoDbAsyncClient slow = dynamo.clientBuilder()
                        .credentialsProvider(() -> {
                            if (Thread.currentThread().getName().contains("lease")) {
                                blocked.countDown();
                                awaitAtMost(end);
                            }
                            return credentials;
                        })
                        .build();
                Locks slowLocks = locks(slow);
                Locks locks = locks(dynamo.client())) {
            Lease hanging = slowLocks.acquire(request(Duration.ofMinutes(1))).get();
            Lease lease = locks.acquire(request(Duration.ofMinutes(1))).get();
            CompletableFuture<Instant> waiting = hanging.renew();
            assertThat(blocked.await(1, TimeUnit.MINUTES)).isTrue();

            assertThat(lease.renew()).succeedsWithin(Duration.ofSeconds(30));

            assertThat(waiting).isNotDone();
            end.countDown();
        }
    }

    @Test
    void releasesOfALongLeaseEndWithTheClose() throws Exception {
        // Side by side, as each waits for seconds.
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Void>> both = List.of(() -> closeAway(false), () -> closeAway(true));
            for (Future<Void> end : threads.invokeAll(both)) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Closes while the store is out of reach. */
    private @Nullable Void closeAway(boolean interrupted) throws Exception {
        FaultyHttpClient http =
                new FaultyHttpClient(NettyNioAsyncHttpClient.builder().build(), FaultPlan.none());
        try (http;
                DynamoDbAsyncClient client =
                        dynamo.clientBuilder().httpClient(http).build()) {
            Locks locks = Locks.builder(client, fixture.schema)
                    .closeTimeout(interrupted ? Duration.ofHours(1) : Duration.ofMillis(300))
                    .build();
            Lease lease = locks.acquire(request(Duration.ofDays(1))).get();
            http.cut();
            long before = http.requests("UpdateItem");

            Thread closing = new Thread(locks::close);
            closing.start();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> http.requests("UpdateItem") > before);
            if (interrupted) {
                closing.interrupt();
            }
            closing.join();

            Awaitility.await()
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(20))
                    .until(new Unchanged(() -> http.requests("UpdateItem"))::holds);
            assertThat(lease.isHeld()).isFalse();
            return null;
        }
    }

    /** Whether a number is the same as at the last look. */
    private static final class Unchanged {
        private final LongSupplier number;
        private long last = -1;

        Unchanged(LongSupplier number) {
            this.number = number;
        }

        boolean holds() {
            long before = last;
            last = number.getAsLong();
            return before == last;
        }
    }

    private Locks locks(DynamoDbAsyncClient client) {
        return Locks.builder(client, fixture.schema)
                .closeTimeout(Duration.ofMillis(300))
                .build();
    }

    private static LockRequest request(Duration ttl) {
        return LockRequest.of(LockFixture.freshKey())
                .ttl(ttl)
                .clockSkew(Duration.ofMillis(100))
                .build();
    }

    private static void awaitAtMost(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
