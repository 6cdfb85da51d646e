/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.testkit.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A process that stands still, by SIGSTOP, with an item in flight and for longer than its lease. Meanwhile another
 * process reads on. Then the first one goes on as if nothing had happened. {@link GroupZombieTest} does the same within
 * one process.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "dynastore.test.group.zombie", matches = "true")
class GroupStoppedProcessTest extends ConsumerContract {

    private static final int ITEMS = 4;

    private final GroupReport zombie = new GroupReport();
    private final GroupReport next = new GroupReport();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<ChildJvm> processes = new ArrayList<>();
    private @Nullable AttributeValue position;

    @BeforeEach
    void standStillUntilAnotherProcessHasReadOn() throws Exception {
        for (int number = 0; number < ITEMS; number++) {
            given("a", "%02d".formatted(number), "x");
        }
        ChildJvm first = start(zombie, "a 00");
        await().atMost(Duration.ofMinutes(1)).until(() -> zombie.count("D") == 1);
        first.pause();
        start(next, "-");
        await().atMost(Duration.ofMinutes(1)).until(() -> next.distinct() == ITEMS);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(lease()).containsKey("payload"));
        position = lease().get("payload");
        first.goOn();
        first.say("go");
        await().atMost(Duration.ofMinutes(1)).until(() -> zombie.count("F") + zombie.count("S") == 1);
        first.say("poll");
        await().atMost(Duration.ofMinutes(1)).until(() -> said.contains("polled"));
    }

    private ChildJvm start(GroupReport report, String held) throws IOException {
        String uri = store("partitionKeys=%23names&group=shipping&groupLease=3s&rebalanceInterval=300ms"
                + "&clockSkew=200ms&initialDelay=0&delay=20");
        ChildJvm process =
                ChildJvm.start(dynamo, GroupNodeMain.class, List.of(uri, table, "a", "1", "0", held), line -> {
                    report.line(line);
                    said.add(line);
                });
        processes.add(process);
        return process;
    }

    @AfterEach
    void end() {
        processes.forEach(ChildJvm::close);
    }

    private Map<String, AttributeValue> lease() {
        return dynamo.rawGet(table, key("_ds/group/shipping", "lease/a"));
    }

    @Test
    void itMovesNoCheckpoint() {
        assertThat(lease().get("payload")).isEqualTo(position);
    }

    @Test
    void itDeliversNoFurtherItem() {
        assertThat(zombie.of("D", "a")).singleElement().satisfies(one -> assertThat(one.item())
                .isZero());
        assertThat(next.of("D", "a")).extracting(GroupReport.Line::item).containsExactly(0, 1, 2, 3);
    }

    @Test
    void itOverwritesNothingThatItsSuccessorHasWritten() {
        assertThat(zombie.of("F", "a")).hasSize(1);
        assertThat(zombie.of("S", "a")).isEmpty();
        assertThat(dynamo.rawGet(table, key("state", "a")).get("payload")).isEqualTo(text("03"));
    }
}
