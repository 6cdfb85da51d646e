/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.DynaStoreException;
import io.dynastore.store.Item;
import io.dynastore.store.Operation;
import io.dynastore.store.Outcome;
import io.dynastore.test.DynamoDbExtension;
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

        AsRecorded.checkItem(((Outcome.Read) Replayed.execute(store, call(step, Operation.GET))).item(), step);
        AsRecorded.checkItem(only(Replayed.execute(store, call(step, Operation.LIST))), step);
        assertThat(((Outcome.Existence) Replayed.execute(store, call(step, Operation.EXISTS))).version())
                .isNotNull();
    }

    private static void saysWhichItemIsUnreadable(GoldenTables tables, GoldenStep step) {
        assertThatThrownBy(() -> Replayed.execute(tables.store(step, null), call(step, Operation.GET)))
                .isExactlyInstanceOf(DynaStoreException.class)
                .hasMessageContainingAll(tables.name(step), "[for, a/2]", "'version' is not a whole number");
    }

    private static boolean badVersion(GoldenStep step) {
        return step.id().endsWith("-badversion");
    }

    private static Call.Builder call(GoldenStep step, Operation operation) {
        Call.Builder call = Call.of(operation).partitionKey(step.partitionKey()).includeExpired(true);
        return operation == Operation.LIST
                ? call.sortKeyFrom(step.sortKey()).sortKeyTo(step.sortKey())
                : call.sortKey(step.sortKey());
    }

    private static Item only(Outcome page) {
        List<Item> items = ((Outcome.Page) page).items();
        assertThat(items).hasSize(1);
        return items.get(0);
    }
}
