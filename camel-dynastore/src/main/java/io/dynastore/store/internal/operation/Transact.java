/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.Outcome;
import io.dynastore.store.TransactCall;
import io.dynastore.store.Write;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.ItemSize;
import io.dynastore.store.internal.item.TableContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Carries out up to 100 writes and checks, all of them or none.
 *
 * <ol>
 *   <li>Each means what the operation of its name means. A check demands a live item, at the expected version if there
 *       is one.
 *   <li>Nothing is sent if the call has no writes, too many, two of one key, or more than 4 MB in all.
 *   <li>One request, unless an expired item or another transaction is in the way: see {@link TransactionRunner}.
 * </ol>
 *
 * <p>Decision 11 in docs/decisions has the reasons.
 */
final class Transact implements StoreOperation<TransactCall, Outcome.Transacted> {

    private static final int MOST_WRITES = 100;
    private static final long LARGEST = 4L * 1024 * 1024;

    private final TableContext table;
    private final TransactionRunner transaction;

    Transact(TableContext table, ConditionFailures failures) {
        this.table = table;
        this.transaction = new TransactionRunner(table, failures);
    }

    @Override
    public CompletableFuture<Outcome.Transacted> execute(TransactCall call) {
        return transaction
                .run(call.operation(), call.idempotencyToken(), writes(call))
                .thenApply(applied -> new Outcome.Transacted(call.writes(), applied.versions(), applied.capacity()));
    }

    private List<TransactionItem> writes(TransactCall call) {
        List<Write> given = call.writes();
        if (given.isEmpty()) {
            throw new InvalidInputException("A transaction without writes: give it 1 to " + MOST_WRITES + ".");
        }
        if (given.size() > MOST_WRITES) {
            throw new InvalidInputException("A transaction of " + given.size() + " writes, and DynamoDB takes "
                    + MOST_WRITES + ": split it, if its parts can stand alone.");
        }
        List<TransactionItem> writes = new ArrayList<>(given.size());
        Map<Key, Integer> positions = new HashMap<>();
        long size = 0;
        for (Write write : given) {
            writes.add(TransactionItem.of(table, call, write));
            Integer first = positions.putIfAbsent(write.key(), writes.size());
            if (first != null) {
                throw new InvalidInputException(
                        "Writes " + first + " and " + writes.size() + " of the transaction have the same key "
                                + write.key() + ": DynamoDB takes one for each item. Put them into one.");
            }
            size += size(writes.get(writes.size() - 1));
        }
        if (size > LARGEST) {
            throw new InvalidInputException(
                    "The items of the transaction have at least " + size + " bytes together, and DynamoDB takes "
                            + LARGEST + ": split it, or store the payloads elsewhere and references here.");
        }
        return writes;
    }

    private long size(TransactionItem write) {
        return ItemSize.of(
                write.item() == null ? write.keyAttributes() : write.item().attributes(table.schema(), 1));
    }
}
