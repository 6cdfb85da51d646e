/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.store.Key;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import io.dynastore.testkit.NeedsEngine;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Locks under every disturbance of their holders, checked against the stream of their table.
 *
 * <p>This is the short form. {@code -Ddynastore.test.nemesis.seconds=60 -Ddynastore.test.nemesis.workers=8} makes it
 * long. {@code -Ddynastore.test.takeover.slack=500} allows take-overs to be late by half a second at most, because of
 * the machine.
 */
@Tag("soak")
@NeedsEngine(EngineAbility.STREAMS)
class LeaseNemesisTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration DURATION =
            Duration.ofSeconds(Integer.getInteger("dynastore.test.nemesis.seconds", 3));
    private static final Duration SLACK = Duration.ofMillis(Integer.getInteger("dynastore.test.takeover.slack", 2000));
    private static final int WORKERS = Integer.getInteger("dynastore.test.nemesis.workers", 5);

    @Test
    void locksHoldWhileClocksDifferByNoMoreThanIsAllowed() throws Exception {
        assertThat(run(Takeover.BOTH, Duration.ofMillis(500), Duration.ofMillis(200), true))
                .isEmpty();
    }

    @Test
    void locksHoldByObservationWhateverClocksShow() throws Exception {
        assertThat(run(Takeover.OBSERVE, Duration.ZERO, Duration.ofSeconds(30), false))
                .isEmpty();
    }

    @Test
    void tokensRiseThoughClocksDifferByMoreThanIsAllowed() throws Exception {
        Map<LockChecks.Rule, List<String>> broken =
                run(Takeover.CLOCK, Duration.ofMillis(100), Duration.ofSeconds(3), false);

        // Then two holders may have a lock at the same time.
        assertThat(broken.keySet()).isSubsetOf(LockChecks.Rule.ONE_HOLDER);
    }

    private Map<LockChecks.Rule, List<String>> run(Takeover takeover, Duration skew, Duration shift, boolean reaps)
            throws InterruptedException {
        Supplier<LockRequest.Builder> request = () -> LockRequest.of(Key.of("-", "-"))
                .ttl(Duration.ofMillis(900))
                .acquireTimeout(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(100))
                .clockSkew(skew)
                .takeover(takeover);
        Nemesis.Terms terms = new Nemesis.Terms(request, shift, reaps, WORKERS, DURATION, SLACK, TestSeed.value());
        try (Nemesis nemesis = new Nemesis(dynamo, terms)) {
            return nemesis.run();
        }
    }
}
