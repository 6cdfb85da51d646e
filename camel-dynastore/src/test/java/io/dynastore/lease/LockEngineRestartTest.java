/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import io.dynastore.store.LockLostException;
import io.dynastore.store.TableCreation;
import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.DurableEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Locks over a restart of the engine, which is killed and comes back with its data, while lock holders live on. */
@Tag("soak")
class LockEngineRestartTest {

    private static final Key KEY = Key.of("locks", "nightly-job");
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final TableSchema schema = TableSchema.named("locks");
    private DurableEngine engine;
    private DynamoDbAsyncClient client;
    private Locks locks;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        engine = DurableEngine.in(directory);
        client = DynamoDbExtension.clientBuilder(engine.endpoint()).build();
        engine.start(client);
        new TableCreation(client, schema).ensure(Duration.ofSeconds(20)).get();
        locks = Locks.builder(client, schema).build();
    }

    @AfterEach
    void stop() {
        locks.close();
        client.close();
        engine.close();
    }

    @Test
    void holderKeepsItsLockOverARestartThatIsShorterThanItsLease() throws Exception {
        Lease lease = got(locks.acquire(request(LONG)));

        engine.kill();
        engine.start(client);

        Instant before = lease.expires();
        Awaitility.await().atMost(LONG).until(() -> lease.expires().isAfter(before));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.loss()).isEmpty();
        got(lease.release());
        assertThat(got(locks.acquire(request(LONG))).token()).isGreaterThan(lease.token());
    }

    @Test
    void holderLearnsBeforeItsDeadlineThatTheStoreIsGoneAndTheNextTokenIsHigher() throws Exception {
        Lease lease = got(locks.acquire(request(SHORT)));
        CompletableFuture<LockLostException> loss = new CompletableFuture<>();
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        lease.onLoss(error -> {
            held.complete(lease.isHeld());
            loss.complete(error);
        });

        engine.kill();

        assertThat(loss.get(30, TimeUnit.SECONDS).reason()).isEqualTo(LockLostException.Reason.OUT_OF_REACH);
        assertThat(held.get()).isFalse();
        engine.start(client);
        Lease next = got(locks.acquire(LockRequest.of(KEY)
                .owner("another")
                .ttl(SHORT)
                .acquireTimeout(Duration.ofSeconds(30))
                .build()));
        assertThat(next.token()).isGreaterThan(lease.token());
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void waiterGoesOnWaitingOverARestart() throws Exception {
        Lease lease = got(locks.acquire(request(LONG)));
        CompletableFuture<Lease> waiting = locks.acquire(LockRequest.of(KEY)
                .owner("another")
                .ttl(LONG)
                .acquireTimeout(Duration.ofSeconds(60))
                .build());

        engine.kill();
        engine.start(client);
        got(lease.release());

        assertThat(waiting.get(60, TimeUnit.SECONDS).token()).isGreaterThan(lease.token());
    }

    private static LockRequest request(Duration ttl) {
        return LockRequest.of(KEY).ttl(ttl).build();
    }
}
