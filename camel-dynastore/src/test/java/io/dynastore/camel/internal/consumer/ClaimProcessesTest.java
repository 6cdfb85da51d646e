/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.ProjectionType.ALL;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.N;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.test.TableSpec;
import io.dynastore.test.TableSpec.KeySpec;
import io.dynastore.testkit.TestSeed;
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
            List<String> wrong = processes.run(ITEMS, WORKERS, KILLS);

            List<Long> takeovers = processes.takeovers();
            assertThat(takeovers).isNotEmpty();
            System.out.printf("%s, %d s%n", processes.summary(), (System.nanoTime() - begun) / 1_000_000_000);
            System.out.printf(
                    "%d take-overs: median %d ms, 90%% %d ms, most %d ms after the kill%n",
                    takeovers.size(),
                    takeovers.get(takeovers.size() / 2),
                    takeovers.get(takeovers.size() * 9 / 10),
                    takeovers.get(takeovers.size() - 1));
            assertThat(wrong).isEmpty();
            assertThat(takeovers.get(takeovers.size() / 2))
                    .isLessThan(ClaimProcesses.TTL.plus(ClaimProcesses.SKEW).toMillis() + SLACK);
        }
    }
}
