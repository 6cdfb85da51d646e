/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.GetCall;
import io.dynastore.store.Item;
import io.dynastore.store.ListCall;
import io.dynastore.store.Outcome;
import io.dynastore.store.UnreadableItemException;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.EngineAbility;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the Go library dynastorev2 stores, put into a table as it was recorded, is read by every reading operation. */
class GoldenReadingTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @TestFactory
    Stream<DynamicTest> eachStoredItemIsReadWhole() {
        GoldenTables tables = new GoldenTables(dynamo);
        // A get leaves the item of the step before it.
        return GoldenStep.all().stream()
                .filter(step -> !step.op().equals("Get"))
                .filter(step ->
                        step.tellsItem() && !step.itemAfter(GoldenTables.NOW).isEmpty())
                .map(step -> dynamicTest(step.id(), () -> {
                    GoldenStep.NEEDS.getOrDefault(step.id(), List.of()).forEach(EngineAbility::assume);
                    tables.restore(step);
                    if (badVersion(step)) {
                        saysWhichItemIsUnreadable(tables, step);
                    } else {
                        readsWhole(tables, step);
                    }
                }));
    }

    private static void readsWhole(GoldenTables tables, GoldenStep step) {
        DynaStore store = tables.store(step, null);

        AsRecorded.checkItem(Replayed.execute(store, get(step)).item(), step);
        AsRecorded.checkItem(only(Replayed.execute(store, list(step))), step);
        assertThat(Replayed.execute(store, Call.exists(step.key()).includeExpired(true))
                        .version())
                .isNotNull();
    }

    private static void saysWhichItemIsUnreadable(GoldenTables tables, GoldenStep step) {
        assertThatThrownBy(() -> Replayed.execute(tables.store(step, null), get(step)))
                .isExactlyInstanceOf(UnreadableItemException.class)
                .hasMessageContainingAll(tables.name(step), "[for, a/2]", "'version' is not a whole number");
    }

    private static boolean badVersion(GoldenStep step) {
        return step.id().endsWith("-badversion");
    }

    private static GetCall.Builder get(GoldenStep step) {
        return Call.get(step.key()).includeExpired(true);
    }

    private static ListCall.Builder list(GoldenStep step) {
        return Call.list(step.partitionKey())
                .includeExpired(true)
                .sortKeyFrom(step.sortKey())
                .sortKeyTo(step.sortKey());
    }

    private static Item only(Outcome.Page page) {
        List<Item> items = page.items();
        assertThat(items).hasSize(1);
        return items.get(0);
    }
}
