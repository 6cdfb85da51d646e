/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.camel.internal.consumer.ClaimRuns.Takeover;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.TestSeed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A work queue of processes that are killed, or stand still for longer than a claim lasts:
 * {@code -Ddynastore.test.queue.items=20000}.
 */
@EnabledIfSystemProperty(named = "dynastore.test.queue.items", matches = "\\d+")
@Tag("soak")
class ClaimProcessesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final int ITEMS = Integer.getInteger("dynastore.test.queue.items", 2_000);
    private static final int WORKERS = Integer.getInteger("dynastore.test.queue.processes", 4);
    private static final int KILLS = Integer.getInteger("dynastore.test.queue.kills", 4);
    private static final Duration LIMIT = Duration.ofMinutes(Integer.getInteger("dynastore.test.queue.minutes", 60));
    private static final int SLACK = Integer.getInteger("dynastore.test.takeover.slack", 2_000);

    @Test
    void everyItemIsDoneOnceOrDeadThoughProcessesAreKilledAndStandStill() throws Exception {
        String table = dynamo.table(
                "jobs",
                TableSpec.partitionKey("id", S)
                        .sortKey("name", S)
                        .globalIndex("due", new KeySpec("_dsqs", S), new KeySpec("_dsqf", N), ALL));
        long begun = System.nanoTime();
        try (ClaimProcesses processes = new ClaimProcesses(dynamo, table, TestSeed.random())) {
            List<String> wrong = processes.run(ITEMS, LIMIT, WORKERS, KILLS);

            List<Takeover> takeovers = processes.takeovers();
            long promised = ClaimProcesses.LONGEST_CLAIM.toMillis() + ClaimProcesses.POLL;
            System.out.printf("%s, %d s%n", processes.summary(), (System.nanoTime() - begun) / 1_000_000_000);
            System.out.printf(
                    "%d take-overs, of which %d within %d ms of the kill: ms after it and runs of others before it %s%n",
                    takeovers.size(),
                    takeovers.stream().filter(one -> one.millis() <= promised).count(),
                    promised,
                    takeovers.stream()
                            .map(one -> one.millis() + "/" + one.before())
                            .toList());
            assertThat(takeovers).isNotEmpty();
            assertThat(wrong).isEmpty();
            assertThat(takeovers.get(takeovers.size() / 2).millis())
                    .isLessThan(ClaimProcesses.LONGEST_CLAIM.toMillis() + SLACK);
        }
    }
}
