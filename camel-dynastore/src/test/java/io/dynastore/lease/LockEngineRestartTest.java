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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Locks over a restart of the engine, which is killed and started again with its data. The holders keep running. The
 * test turns their time, so that nothing waits for a lease.
 */
@Tag("soak")
class LockEngineRestartTest {

    private static final Duration TTL = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final TableSchema SCHEMA = TableSchema.named("locks");

    /** Shared, since it takes seconds to start one. */
    private static DurableEngine engine;

    private static DynamoDbAsyncClient client;

    private final ManualTime time = new ManualTime();
    private Key key;
    private Locks locks;

    @BeforeAll
    static void startEngine(@TempDir Path directory) throws Exception {
        engine = DurableEngine.in(directory);
        client = DynamoDbExtension.clientBuilder(engine.endpoint())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .overrideConfiguration(LockEngineRestartTest::giveUpSoon)
                .build();
        engine.start(client);
        new TableCreation(client, SCHEMA).ensure(Duration.ofSeconds(20)).get();
    }

    @BeforeEach
    void start(TestInfo test) {
        key = Key.of("locks", test.getDisplayName());
        // The engine removes expired items, by its own clock.
        time.clock.set(Instant.now());
        locks = Locks.builder(client, SCHEMA)
                .clock(time.clock)
                .ticker(time)
                .timer(time)
                .random(() -> 0)
                .serviceTime(false)
                .build();
    }

    /** Without its own limit, a request to a killed engine may hang for a quarter of the lease. */
    private static void giveUpSoon(ClientOverrideConfiguration.Builder override) {
        LockFixture.retrySoon(override);
        override.apiCallAttemptTimeout(Duration.ofSeconds(2));
    }

    @AfterEach
    void stop() {
        locks.close();
    }

    @AfterAll
    static void stopEngine() {
        client.close();
        engine.close();
    }

    @Test
    void holderKeepsItsLockOverARestartThatIsShorterThanItsLease() throws Exception {
        HeldLease lease = (HeldLease) got(locks.acquire(request()));
        Instant before = lease.expires();

        engine.kill();
        time.pass(TTL.dividedBy(3));
        LockFixture.await().until(() -> lease.failure() instanceof SdkException);
        engine.start(client);
        time.pass(PAUSE);

        Awaitility.await().atMost(TTL).until(() -> lease.expires().isAfter(before));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.loss()).isEmpty();
        got(lease.release());
        assertThat(got(locks.acquire(request())).token()).isGreaterThan(lease.token());
    }

    @Test
    void holderLosesItsLockAtTheDeadlineIfTheStoreIsGoneAndTheNextTokenIsHigher() throws Exception {
        Lease lease = got(locks.acquire(request()));
        CompletableFuture<LockLostException> loss = new CompletableFuture<>();
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        lease.onLoss(error -> {
            held.complete(lease.isHeld());
            loss.complete(error);
        });

        engine.kill();
        time.pass(TTL);

        assertThat(loss.get(30, TimeUnit.SECONDS).reason()).isEqualTo(LockLostException.Reason.OUT_OF_REACH);
        assertThat(held.get()).isFalse();
        engine.start(client);
        Lease next = waitedFor(locks.acquire(another()));
        assertThat(next.token()).isGreaterThan(lease.token());
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void waiterKeepsWaitingOverARestart() throws Exception {
        Lease lease = got(locks.acquire(request()));
        CompletableFuture<Lease> waiting = locks.acquire(another());

        engine.kill();
        time.pass(PAUSE);
        engine.start(client);
        got(lease.release());

        assertThat(waitedFor(waiting).token()).isGreaterThan(lease.token());
    }

    /** Lets time pass until the lock is acquired, a poll interval at a time. */
    private Lease waitedFor(CompletableFuture<Lease> acquired) {
        Awaitility.await().atMost(TTL).until(() -> {
            time.pass(PAUSE);
            return acquired.isDone();
        });
        return got(acquired);
    }

    private LockRequest request() {
        return LockRequest.of(key).ttl(TTL).build();
    }

    private LockRequest another() {
        return LockRequest.of(key)
                .owner("another")
                .ttl(TTL)
                .acquireTimeout(Duration.ofHours(1))
                .build();
    }
}
