/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Locks of processes that are killed, or stand still for longer than their leases:
 * {@code -Ddynastore.test.processes.seconds=300}.
 */
@EnabledIfSystemProperty(named = "dynastore.test.processes.seconds", matches = "\\d+")
@Tag("soak")
class LockProcessesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final int WORKERS = 5;
    private static final Duration SLACK = Duration.ofMillis(Integer.getInteger("dynastore.test.takeover.slack", 2000));

    @Test
    void locksHoldThoughProcessesAreKilledAndStandStill() throws Exception {
        Duration duration = Duration.ofSeconds(Integer.getInteger("dynastore.test.processes.seconds", 60));
        try (LockProcesses processes = new LockProcesses(dynamo, SLACK, TestSeed.value())) {
            LockProcesses.Result result = processes.run(WORKERS, duration);

            assertThat(result.broken()).isEmpty();
            assertThat(result.takeovers().count()).isPositive();
            assertThat(result.fenced()).isPositive();
            // Half of all within the allowance and a look. A busy machine may need longer for the others.
            assertThat(Takeovers.share(result.takeovers().excess(), 0.5))
                    .isLessThan(LockProcesses.SKEW.toMillis() + 500);
        }
    }
}
