/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Key;
import io.dynastore.store.internal.item.BatchReader;
import io.dynastore.store.internal.item.CountedUpdates;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The writes of a repeated transaction that add to numbers and expect no version. None may add twice, as with
 * {@link CountedUpdates}.
 *
 * <ol>
 *   <li>A repetition has another token than the transaction before, so that the service would apply both.
 *   <li>If another write of the transaction expects a version, it passes once, and the whole transaction with it.
 *   <li>Otherwise the items are read first. One that holds the write id shows that all was applied.
 *   <li>One that can't have lost the write id proves that nothing was applied. The repetition then demands that the
 *       item can still prove it.
 *   <li>If there are such items, and none of them proves anything, the outcome is unknown.
 * </ol>
 */
final class RepeatedIncrements {

    private RepeatedIncrements() {}

    /** The items to read before a repetition is sent; empty if it can add nothing twice. */
    static Set<Key> keys(List<TransactionItem> writes) {
        return writes.stream().anyMatch(RepeatedIncrements::passesOnce)
                ? Set.of()
                : writes.stream()
                        .filter(TransactionItem::adds)
                        .map(TransactionItem::key)
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean passesOnce(TransactionItem write) {
        return write.call().expectedVersion() != null
                && switch (write.kind()) {
                    case PUT, UPDATE, DELETE -> true;
                    case CREATE, CHECK, HOLDS -> false;
                };
    }

    /** What is known of each write from the items that were read. */
    static List<TransactionFinding> findings(List<TransactionItem> writes, BatchReader.Found found) {
        return writes.stream()
                .map(write -> new TransactionFinding(
                        write, false, Optional.ofNullable(found.items().get(write.key())), null))
                .toList();
    }

    /** Whether no item proves that the transaction was not applied before. */
    static boolean undecided(List<TransactionFinding> findings) {
        List<TransactionFinding> adding = findings.stream()
                .filter(finding ->
                        finding.write().adds() && finding.conflicting().isPresent())
                .toList();
        return !adding.isEmpty()
                && adding.stream().noneMatch(finding -> finding.write().disproved(finding.conflicting()));
    }

    /** The writes as they are sent again: an item that proves something has to prove it still. */
    static List<TransactionItem> bounded(List<TransactionFinding> findings) {
        return findings.stream()
                .map(finding -> finding.write().adds()
                                && (finding.conflicting().isEmpty()
                                        || finding.write().disproved(finding.conflicting()))
                        ? finding.write().bounded()
                        : finding.write())
                .toList();
    }
}
