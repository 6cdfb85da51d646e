/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the Go library dynastorev2 did on the wire, done once more by this store: each step leaves the same item and
 * gives the same response, or is a {@link GoldenDifference}. The steps run in order and build on each other's
 * items; where ours differs, the recorded one is put in its place.
 */
class GoldenReplayTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @TestFactory
    Stream<DynamicTest> eachStepComesOutAsRecordedOrAsNamedDifference() {
        GoldenTables tables = new GoldenTables(dynamo);
        List<String> replayed = new ArrayList<>();
        return Stream.concat(
                GoldenStep.all().stream()
                        .map(step -> dynamicTest(step.id(), () -> {
                            if (!recordedOnSuchAnEngine(step)) {
                                replayed.add(step.id());
                            }
                            GoldenStep.NEEDS.getOrDefault(step.id(), List.of()).forEach(EngineAbility::assume);
                            replay(step, tables);
                            replayed.add(step.id());
                        })),
                Stream.of(dynamicTest(
                        "all 220 steps are accounted for",
                        () -> assertThat(replayed).hasSize(220).doesNotHaveDuplicates())));
    }

    private static boolean recordedOnSuchAnEngine(GoldenStep step) {
        return GoldenStep.NEEDS.getOrDefault(step.id(), List.of()).stream().allMatch(EngineAbility::present);
    }

    @Test
    void everyDifferenceNamesRecordedStepsAndNoneTwice() {
        List<String> named = GoldenDifferences.ALL.stream()
                .flatMap(difference -> difference.steps().stream())
                .toList();

        assertThat(named)
                .doesNotHaveDuplicates()
                .isSubsetOf(GoldenStep.all().stream().map(GoldenStep::id).toList());
    }

    private static void replay(GoldenStep step, GoldenTables tables) {
        if (step.op().equals("RawPutItem")) {
            tables.put(step, step.rawValue());
            assertThat(tables.item(step)).isEqualTo(step.itemAfter(GoldenTables.NOW));
            return;
        }
        try {
            Replayed replayed = Replayed.of(step, tables);
            GoldenDifferences.in(step)
                    .ifPresentOrElse(difference -> difference.check(replayed), () -> AsRecorded.check(replayed));
        } finally {
            if (step.tellsItem() && !tables.item(step).equals(step.itemAfter(GoldenTables.NOW))) {
                tables.restore(step);
            }
        }
    }
}
