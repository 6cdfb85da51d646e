/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of the store: the operation, the key, and every option that this operation heeds, resolved. Immutable.
 *
 * <pre>{@code
 * Outcome.Read read = store.execute(Call.get(key).consistentRead(true).build()).join();
 * }</pre>
 *
 * @param <R> the outcome of a call that succeeds
 */
public sealed interface Call<R extends Outcome>
        permits BatchGetCall, BulkCall, ConditionalCall, ExistsCall, GetCall, ListCall, StreamCall, TransactCall {

    /** What is done. */
    Operation operation();

    /** Passes this call to the one of these operations that carries it out. */
    CompletableFuture<R> executeBy(Operations operations);

    /** Collects the options of a call. Not thread safe. */
    interface Builder<R extends Outcome> {

        /**
         * The call.
         *
         * @throws InvalidInputException if options contradict each other or are out of bounds
         */
        Call<R> build();
    }

    /** What carries out calls of each kind. */
    interface Operations {

        /** Creates, puts or updates. */
        CompletableFuture<Outcome.Written> write(WriteCall call);

        /** Deletes an item. */
        CompletableFuture<Outcome.Deleted> delete(DeleteCall call);

        /** Reads an item. */
        CompletableFuture<Outcome.Read> get(GetCall call);

        /** Asks for an item. */
        CompletableFuture<Outcome.Existence> exists(ExistsCall call);

        /** Reads a page of a list. */
        CompletableFuture<Outcome.Page> list(ListCall call);

        /** Reads a list page by page. */
        CompletableFuture<Outcome.Streamed> stream(StreamCall call);

        /** Reads items by their keys. */
        CompletableFuture<Outcome.Batch> batchGet(BatchGetCall call);

        /** Carries out a transaction. */
        CompletableFuture<Outcome.Transacted> transact(TransactCall call);

        /** Writes any number of entries side by side. */
        CompletableFuture<Outcome.Bulk> bulk(BulkCall call);
    }

    /** Writes an item whose key no live item has. A null value is stored as NULL. */
    static WriteCall.Builder create(Key key, @Nullable Object value) {
        return WriteCall.builder(WriteCall.Kind.CREATE).key(key).value(value);
    }

    /** Creates an item, or updates the live one. A null value is stored as NULL. */
    static WriteCall.Builder put(Key key, @Nullable Object value) {
        return WriteCall.builder(WriteCall.Kind.PUT).key(key).value(value);
    }

    /** Replaces the payload of a live item. A null value is stored as NULL. */
    static WriteCall.Builder update(Key key, @Nullable Object value) {
        return WriteCall.builder(WriteCall.Kind.UPDATE).key(key).value(value);
    }

    /** Deletes a live item. */
    static DeleteCall.Builder delete(Key key) {
        return DeleteCall.builder().key(key);
    }

    /** Reads one item. */
    static GetCall.Builder get(Key key) {
        return GetCall.builder().key(key);
    }

    /** Asks for one item without transferring its payload. */
    static ExistsCall.Builder exists(Key key) {
        return ExistsCall.builder().key(key);
    }

    /** Reads many items by their keys, any number. A key that occurs twice is requested once. */
    static BatchGetCall.Builder batchGet(Collection<Key> keys) {
        return BatchGetCall.builder().keys(keys);
    }

    /** Reads a page of one partition: a String, Number or byte[], as the table (or the index) declares its key. */
    static ListCall.Builder list(Object partitionKey) {
        return ListCall.builder().partitionKey(partitionKey);
    }

    /** Reads a page of a part of the whole table or index. */
    static ListCall.Builder listAll(Segment segment) {
        return ListCall.builder().segment(segment);
    }

    /** Reads a list as a stream over all its pages. The limit of the list is that of all pages together. */
    static StreamCall stream(ListCall list) {
        return new StreamCall(list);
    }

    /** Carries out 1 to 100 writes and checks, one for each key, all of them or none. */
    static TransactCall.Builder transact(Collection<Write> writes) {
        return TransactCall.builder().writes(writes);
    }

    /** Puts any number of items, each under its own condition. Each write is a {@link Write#put}. */
    static BulkCall.Builder putAll(Iterator<Write> writes) {
        return BulkCall.builder(Operation.PUT_ALL).writes(writes);
    }

    /** Creates any number of items, each under its own condition. Each write is a {@link Write#create}. */
    static BulkCall.Builder createAll(Iterator<Write> writes) {
        return BulkCall.builder(Operation.CREATE_ALL).writes(writes);
    }

    /** Deletes any number of items, each under its own condition. Each write is a {@link Write#delete}. */
    static BulkCall.Builder deleteAll(Iterator<Write> writes) {
        return BulkCall.builder(Operation.DELETE_ALL).writes(writes);
    }
}
