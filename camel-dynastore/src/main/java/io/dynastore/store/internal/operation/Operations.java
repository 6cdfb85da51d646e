/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.BatchGetCall;
import io.dynastore.store.BulkCall;
import io.dynastore.store.BulkProgress;
import io.dynastore.store.Call;
import io.dynastore.store.DeleteCall;
import io.dynastore.store.ExistsCall;
import io.dynastore.store.GetCall;
import io.dynastore.store.ListCall;
import io.dynastore.store.Outcome;
import io.dynastore.store.StreamCall;
import io.dynastore.store.TransactCall;
import io.dynastore.store.WriteCall;
import io.dynastore.store.internal.item.ConditionFailures;
import io.dynastore.store.internal.item.CountedUpdates;
import io.dynastore.store.internal.item.TableContext;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleConsumer;

/** The operations on one table. Thread safe. */
public final class Operations implements Call.Operations {

    private final StoreOperation<WriteCall, Outcome.Written> create;
    private final StoreOperation<WriteCall, Outcome.Written> put;
    private final StoreOperation<WriteCall, Outcome.Written> update;
    private final StoreOperation<DeleteCall, Outcome.Deleted> delete;
    private final StoreOperation<GetCall, Outcome.Read> get;
    private final StoreOperation<ExistsCall, Outcome.Existence> exists;
    private final StoreOperation<BatchGetCall, Outcome.Batch> batchGet;
    private final StoreOperation<TransactCall, Outcome.Transacted> transact;
    private final ListItems list;
    private final Bulk bulk;

    /**
     * The operations on a table.
     *
     * @param streamed takes the capacity units of each page of a stream behind the first
     * @param running has each bulk call while it runs; thread safe
     */
    public Operations(TableContext table, DoubleConsumer streamed, Collection<BulkProgress> running) {
        ConditionFailures failures = new ConditionFailures(
                table.client().serviceClientConfiguration().endpointOverride().isEmpty());
        FlatReplacement flat = new FlatReplacement(table, failures);
        CountedUpdates counted = new CountedUpdates(table);
        ExactlyOnce once = new ExactlyOnce(table, failures);
        this.create = once.orWrite(new Create(table, failures));
        this.put = once.orWrite(flat.or(new Put(table, failures, counted)));
        this.update = once.orWrite(flat.or(new Update(table, failures, counted)));
        this.delete = once.orDelete(new Delete(table, failures));
        this.get = new Get(table);
        this.exists = new Exists(table);
        this.batchGet = new BatchGet(table);
        this.transact = new Transact(table, failures);
        this.list = new ListItems(table, streamed);
        this.bulk = new Bulk(table, this, running);
    }

    @Override
    public CompletableFuture<Outcome.Written> write(WriteCall call) {
        return switch (call.kind()) {
            case CREATE -> create.execute(call);
            case PUT -> put.execute(call);
            case UPDATE -> update.execute(call);
        };
    }

    @Override
    public CompletableFuture<Outcome.Deleted> delete(DeleteCall call) {
        return delete.execute(call);
    }

    @Override
    public CompletableFuture<Outcome.Read> get(GetCall call) {
        return get.execute(call);
    }

    @Override
    public CompletableFuture<Outcome.Existence> exists(ExistsCall call) {
        return exists.execute(call);
    }

    @Override
    public CompletableFuture<Outcome.Page> list(ListCall call) {
        return list.execute(call);
    }

    @Override
    public CompletableFuture<Outcome.Streamed> stream(StreamCall call) {
        return list.stream(call);
    }

    @Override
    public CompletableFuture<Outcome.Batch> batchGet(BatchGetCall call) {
        return batchGet.execute(call);
    }

    @Override
    public CompletableFuture<Outcome.Transacted> transact(TransactCall call) {
        return transact.execute(call);
    }

    @Override
    public CompletableFuture<Outcome.Bulk> bulk(BulkCall call) {
        return bulk.execute(call);
    }
}
