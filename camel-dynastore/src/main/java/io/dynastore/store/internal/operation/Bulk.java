/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.BulkCall;
import io.dynastore.store.BulkProgress;
import io.dynastore.store.Call;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Outcome;
import io.dynastore.store.Write;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.TableContext;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * Writes any number of entries side by side, each by the single operation. So each has that one's conditions and its
 * truth under retries.
 *
 * <p>Decision 23 in docs/decisions has the reasons.
 */
final class Bulk implements StoreOperation<BulkCall, Outcome.Bulk> {

    private final TableContext table;
    private final Call.Operations single;
    private final Collection<BulkProgress> running;

    /**
     * The operation on a table.
     *
     * @param single carries out each write
     * @param running has each call while it runs; thread safe
     */
    Bulk(TableContext table, Call.Operations single, Collection<BulkProgress> running) {
        this.table = table;
        this.single = single;
        this.running = running;
    }

    @Override
    public CompletableFuture<Outcome.Bulk> execute(BulkCall call) {
        BulkRun run = new BulkRun(table, call, write -> send(call, write));
        running.add(run);
        return run.begin().whenComplete((outcome, error) -> running.remove(run));
    }

    private CompletableFuture<BulkRun.Done> send(BulkCall call, Write write) {
        if (write.kind() != call.kind()) {
            throw new InvalidInputException("Table " + table.name() + ", key " + write.key() + ": the entry is a "
                    + write.kind().text() + ", and operation "
                    + call.operation().text() + " takes none but "
                    + call.kind().text() + ". Leave the entry's operation out, or use transact.");
        }
        Call<? extends Outcome> one = write.kind() == Write.Kind.DELETE ? delete(call, write) : store(call, write);
        return one.executeBy(single)
                .handle((outcome, error) -> new BulkRun.Done(
                        outcome == null ? 0 : outcome.consumedCapacity(),
                        error == null ? null : ServiceErrorTranslator.translated(table.schema(), one, error)));
    }

    private static WriteCall store(BulkCall call, Write write) {
        BulkCall.Options options = call.options();
        return WriteCall.builder(write.kind() == Write.Kind.CREATE ? WriteCall.Kind.CREATE : WriteCall.Kind.PUT)
                .key(write.key())
                .value(write.value())
                .fields(write.fields())
                .expiry(write.expiry() == null ? options.expiry() : write.expiry())
                .due(write.due() == null ? options.due() : write.due())
                .claimIndex(options.claimIndex())
                .payloadMode(write.payloadMode() == null ? options.payloadMode() : write.payloadMode())
                .increments(write.increments())
                .payloadFormat(options.payloadFormat())
                .expectedVersion(write.expectedVersion())
                .returnVersion(false)
                .fencingToken(options.fencingToken())
                .exactlyOnce(options.exactlyOnce())
                .build();
    }

    private static DeleteCall delete(BulkCall call, Write write) {
        BulkCall.Options options = call.options();
        return DeleteCall.builder()
                .key(write.key())
                .mustExist(options.mustExist())
                .expectedVersion(write.expectedVersion())
                .fencingToken(options.fencingToken())
                .exactlyOnce(options.exactlyOnce())
                .build();
    }
}
