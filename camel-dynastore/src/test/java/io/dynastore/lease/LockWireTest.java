/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.TTL;
import static io.dynastore.lease.LockFixture.await;
import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.Key;
import io.dynastore.store.LockNotAcquiredException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The requests of locks: one write for each step, and reads only while waiting. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockWireTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final LockFixture table = new LockFixture(dynamo);
    private final RecordingHttpClient http = RecordingHttpClient.overNetty();
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final ManualTime time = new ManualTime();
    private final Locks mine = table.locks(client, time).owner("me").build();
    private final Locks theirs =
            table.locks(dynamo.client(), new ManualTime()).owner("them").build();
    private Key key = LockFixture.freshKey();

    @BeforeEach
    void reset() {
        key = LockFixture.freshKey();
        http.clear();
    }

    @AfterAll
    void close() {
        client.close();
        http.close();
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void acquireHeartbeatAndReleaseAreOneWriteEach() {
        Lease lease =
                got(mine.acquire(LockRequest.of(key).data("x".repeat(5000)).build()));
        time.pass(TTL.dividedBy(3));
        await().until(() -> lease.remaining().equals(TTL));
        got(lease.release());

        assertThat(operations()).containsExactly("UpdateItem", "UpdateItem", "UpdateItem");
        assertThat(http.requests().subList(1, 3))
                .allSatisfy(request -> assertThat(request.requestBytes() + request.responseBytes())
                        .isLessThan(1500));
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void refusedAcquireIsOneWrite() {
        got(theirs.acquire(LockRequest.of(key).build()));

        assertThatThrownBy(() -> got(mine.acquire(LockRequest.of(key).build())))
                .isInstanceOf(LockNotAcquiredException.class);
        assertThat(operations()).containsExactly("UpdateItem");
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void waitingReadsAndWritesOnlyWhenTheLockLooksFree() {
        Lease held = got(theirs.acquire(LockRequest.of(key).build()));
        CompletableFuture<Lease> waiting = mine.acquire(LockRequest.of(key)
                .acquireTimeout(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(2))
                .build());
        for (int looks = 0; looks < 5; looks++) {
            int before = looks + 1;
            await().until(() -> http.requests().size() == before && time.waiting() == 1);
            time.pass(Duration.ofSeconds(1));
        }
        await().until(() -> http.requests().size() == 6 && time.waiting() == 1);
        got(held.release());
        time.pass(Duration.ofSeconds(1));

        assertThat(got(waiting).token()).isGreaterThan(held.token());
        assertThat(operations())
                .containsExactly(
                        "UpdateItem", "GetItem", "GetItem", "GetItem", "GetItem", "GetItem", "GetItem", "UpdateItem");
        got(got(waiting).release());
    }

    @Test
    @NeedsEngine(EngineAbility.OLD_ITEM_OF_A_FAILED_CONDITION)
    void waitingReadsAreConsistent() {
        got(theirs.acquire(LockRequest.of(key).build()));
        CompletableFuture<Lease> waiting = mine.acquire(
                LockRequest.of(key).acquireTimeout(Duration.ofMillis(500)).build());
        await().until(() -> http.requests().size() == 1 && time.waiting() == 1);
        time.pass(Duration.ofSeconds(1));

        assertThatThrownBy(() -> got(waiting)).isInstanceOf(LockNotAcquiredException.class);
        assertThat(http.requests().get(1).request().path("ConsistentRead").asBoolean())
                .isTrue();
        assertThat(operations()).containsExactly("UpdateItem", "GetItem");
    }

    private List<String> operations() {
        return http.requests().stream().map(RecordedRequest::operation).toList();
    }
}
