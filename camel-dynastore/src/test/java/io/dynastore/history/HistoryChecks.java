/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.Report.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares the results that clients got with what was applied, item by item, in time that grows with the history. */
final class HistoryChecks {

    private HistoryChecks() {}

    /**
     * Checks everything.
     *
     * @param changes    what was applied, in order
     * @param operations all that all clients did, in any order
     */
    static Report check(List<Change> changes, List<ClientOperation> operations) {
        Report report = new Report();
        Map<String, List<Change>> changesOf = new HashMap<>();
        Map<String, List<ClientOperation>> operationsOf = new HashMap<>();
        Map<String, ClientOperation> writers = new HashMap<>();
        changes.forEach(change -> changesOf
                .computeIfAbsent(change.key(), key -> new ArrayList<>())
                .add(change));
        for (ClientOperation operation : operations) {
            operationsOf
                    .computeIfAbsent(operation.key(), key -> new ArrayList<>())
                    .add(operation);
            if (operation.kind() != Kind.READ) {
                writers.put(operation.writeId(), operation);
            }
        }
        Set<String> keys = new TreeSet<>(changesOf.keySet());
        keys.addAll(operationsOf.keySet());
        for (String key : keys) {
            List<ClientOperation> own = operationsOf.getOrDefault(key, List.of());
            Timeline item = new Timeline(key, changesOf.getOrDefault(key, List.of()), own);
            new ChangeChecks(item, writers, report).check();
            new OutcomeChecks(item, own, report).check();
            new CounterChecks(item, own, writers, report).check();
        }
        return report;
    }

    /**
     * Checks a list that was walked page by page.
     *
     * @param alwaysThere the keys of all items that were there from the first page to the last
     * @param seen        the keys of the items on the pages, in order
     */
    static Report checkWalk(Set<String> alwaysThere, List<String> seen) {
        Report report = new Report();
        Map<String, Integer> times = new HashMap<>();
        seen.forEach(key -> times.merge(key, 1, Integer::sum));
        for (String key : alwaysThere) {
            int count = times.getOrDefault(key, 0);
            if (count != 1) {
                report.violated(Rule.LISTS_ARE_COMPLETE, key + " was listed " + count + " times");
            }
        }
        return report;
    }
}
