/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static io.dynastore.lease.LockFixture.SKEW;
import static io.dynastore.lease.LockFixture.TTL;
import static io.dynastore.lease.LockFixture.got;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.lease.LockChecks.Rule;
import io.dynastore.store.Key;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.NeedsEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The checks have to catch locks that are known to be wrong. Each of them runs the same scenario. */
@NeedsEngine(EngineAbility.STREAMS)
class BrokenLocksTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private final LockFixture table = new LockFixture(dynamo);
    /** A late request waits until the test lets it through. */
    private final FaultPlan plan = FaultPlan.none().withDelaysUpTo(Duration.ofHours(10));

    private final FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), plan);
    private final DynamoDbAsyncClient client =
            dynamo.clientBuilder().httpClient(http).build();
    private final ManualTime time = new ManualTime();
    private final Key key = LockFixture.freshKey();
    private final List<Holding> holdings = new ArrayList<>();

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    @ParameterizedTest
    @EnumSource(TamperedClient.class)
    void eachIsCaughtByItsRule(TamperedClient tampered) {
        runScenario(tampered.over(client));

        Set<Rule> broken = check().keySet();
        switch (tampered) {
            case HONEST -> assertThat(broken).isEmpty();
            case RELEASE_DELETES -> assertThat(broken).contains(Rule.TOKENS_RISE);
            case TOKENS_RESTART -> assertThat(broken).contains(Rule.TOKENS_RISE);
            case RELEASE_ASKS_NOTHING -> assertThat(broken).contains(Rule.RELEASED_BY_ITS_HOLDER, Rule.ONE_HOLDER);
            case RENEWAL_GOES_BACK -> assertThat(broken).containsExactly(Rule.END_NEVER_GOES_BACK);
            case ACQUIRE_ASKS_NOTHING -> assertThat(broken).contains(Rule.ONE_HOLDER);
        }
    }

    @Test
    void falseLossIsCaught() {
        Lease lease = take(locks(client, "a"));
        long from = time.nanos();
        got(lease.release());
        holdings.add(Holding.of("a", (HeldLease) lease, from, time.nanos(), Holding.End.TAKEN));

        assertThat(check()).containsOnlyKeys(Rule.NO_FALSE_LOSS);
    }

    @Test
    void releaseThatWasNotAppliedIsCaught() {
        Lease lease = take(locks(client, "a"));
        holdings.add(Holding.of("a", (HeldLease) lease, time.nanos(), time.nanos(), Holding.End.RELEASED));

        assertThat(check()).containsOnlyKeys(Rule.RELEASE_IS_APPLIED);
    }

    @Test
    void holdingWithoutAWriteIsCaught() {
        holdings.add(new Holding("locks/x", "a", "nobody", 1, 0, 1, Holding.End.RAN_OUT));

        assertThat(check()).containsOnlyKeys(Rule.HOLDING_IS_APPLIED);
    }

    @Test
    void resourceThatTakesAnOlderTokenIsCaught() {
        table.rawPut(key, Map.of("_dsfence", AttributeValue.fromN("8")));
        table.rawPut(key, Map.of("_dsfence", AttributeValue.fromN("7")));

        assertThat(check()).containsOnlyKeys(Rule.FENCE_NEVER_GOES_BACK);
    }

    /**
     * Late copies of an acquire and of a renewal. Then a holder stands still beyond its lease, and releases when
     * another has the lock. Then a third one tries to acquire it.
     */
    private void runScenario(DynamoDbAsyncClient broken) {
        Locks first = locks(broken, "first");
        Locks second = locks(broken, "second");
        plan.next(Fault.DUPLICATE);
        hold(first, take(first));
        http.settle();
        time.freeze(TTL.plus(SKEW).plusSeconds(1));

        Lease slow = take(first);
        long from = time.nanos();
        time.freeze(Duration.ofSeconds(1));
        plan.next(Fault.DUPLICATE);
        got(slow.renew());
        time.freeze(Duration.ofSeconds(5));
        got(slow.renew());
        http.settle();
        holdings.add(Holding.of(
                "slow", (HeldLease) slow, from, ((HeldLease) slow).term().deadline(), Holding.End.RAN_OUT));
        time.freeze(TTL.plus(SKEW).plusSeconds(1));

        Lease next = take(second);
        long begin = time.nanos();
        time.freeze(Duration.ofSeconds(1));
        long version = table.number(key, "version");
        assertThat(slow.release()).isNotNull();
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> version > 0);
        http.settle();
        third(broken);
        holdings.add(Holding.of(
                "next", (HeldLease) next, begin, ((HeldLease) next).term().deadline(), Holding.End.RAN_OUT));
    }

    private void third(DynamoDbAsyncClient broken) {
        Locks third = locks(broken, "third");
        third.acquire(LockRequest.of(key).heartbeat(false).build())
                .thenAccept(lease -> hold(third, lease))
                .exceptionally(refused -> null)
                .join();
    }

    private void hold(Locks by, Lease lease) {
        long from = time.nanos();
        time.freeze(Duration.ofMillis(100));
        long until = time.nanos();
        got(lease.release());
        holdings.add(Holding.of(by.owner(), (HeldLease) lease, from, until, Holding.End.RELEASED));
    }

    private Lease take(Locks locks) {
        return got(locks.acquire(LockRequest.of(key).heartbeat(false).build()));
    }

    private Locks locks(DynamoDbAsyncClient on, String owner) {
        return table.locks(on, time).owner(owner).build();
    }

    private Map<Rule, List<String>> check() {
        return LockChecks.check(LockChange.all(dynamo, table.schema), holdings);
    }
}
