/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Result;
import io.dynastore.history.Report.Rule;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The counter of an item that is never deleted: no increment is lost, none counts twice. */
final class CounterChecks {

    private final Timeline item;
    private final List<ClientOperation> operations;
    private final Map<String, ClientOperation> writers;
    private final Report report;

    CounterChecks(
            Timeline item, List<ClientOperation> operations, Map<String, ClientOperation> writers, Report report) {
        this.item = item;
        this.operations = operations;
        this.writers = writers;
        this.report = report;
    }

    void check() {
        if (operations.stream().allMatch(operation -> operation.add() == 0)) {
            return;
        }
        item.changes().forEach(this::checkStep);
        checkSum();
    }

    private void checkStep(Change change) {
        ClientOperation writer = change.writeId() == null ? null : writers.get(change.writeId());
        if (writer == null || change.after() == null) {
            return;
        }
        long before = change.before() == null ? 0 : change.before().count();
        if (change.after().count() != before + writer.add()) {
            report.violated(Rule.COUNTERS_ADD_UP, writer + " made " + before + " to " + change.after());
        }
    }

    private void checkSum() {
        long sure = sum(ClientOperation::done);
        long perhaps = sum(operation ->
                operation.result() instanceof Result.Unknown || operation.result() instanceof Result.Failed);
        ItemState last = item.changes().isEmpty()
                ? null
                : item.changes().get(item.changes().size() - 1).after();
        long count = last == null ? 0 : last.count();
        if (count < sure || count > sure + perhaps) {
            report.violated(
                    Rule.COUNTERS_ADD_UP,
                    item.key() + " is at " + count + ", but " + sure + " increments were reported done, and " + perhaps
                            + " may be");
        }
    }

    private long sum(Predicate<ClientOperation> which) {
        return operations.stream().filter(which).mapToLong(ClientOperation::add).sum();
    }
}
