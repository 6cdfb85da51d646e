/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.ClientOperation.Refusal;
import io.dynastore.history.ClientOperation.Result;
import io.dynastore.store.Call;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Operation;
import io.dynastore.store.Outcome;
import io.dynastore.store.VersionConflictException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A user of the store who writes down what happens. Waits for each answer. */
final class StoreClient {

    /** All items of these tests have the same sort key, so that a partition key names an item. */
    static final String NAME = "n";

    private final DynaStore store;
    private final HistoryLog log;

    StoreClient(DynaStore store, HistoryLog log) {
        this.store = store;
        this.log = log;
    }

    /** What the item is; null if it is absent, or if that can't be found out. */
    @Nullable
    ItemState read(String id) {
        HistoryLog.Entry entry = log.begin(Kind.READ, TableHistory.key(id, NAME));
        Call call = Call.of(Operation.GET)
                .key(Key.of(id, NAME))
                .consistentRead(true)
                .failIfMissing(false)
                .build();
        Result result = execute(call);
        entry.end(result);
        return result instanceof Result.Found found ? found.state() : null;
    }

    /** Creates, puts or updates. */
    void write(Kind kind, String id, @Nullable ItemState expected) {
        HistoryLog.Entry entry = log.begin(kind, TableHistory.key(id, NAME)).expecting(expected);
        entry.end(execute(call(kind, id, expected)
                .value(Payloads.value(entry.writeId(), 0))
                .build()));
    }

    /** Adds one to the counter that was read. */
    void increment(String id, ItemState read) {
        HistoryLog.Entry entry = log.begin(Kind.UPDATE, TableHistory.key(id, NAME))
                .expecting(read)
                .adding(1);
        entry.end(execute(call(Kind.UPDATE, id, read)
                .value(Payloads.value(entry.writeId(), read.count() + 1))
                .build()));
    }

    void delete(String id, @Nullable ItemState expected, boolean mustExist) {
        HistoryLog.Entry entry =
                log.begin(Kind.DELETE, TableHistory.key(id, NAME)).expecting(expected);
        entry.end(execute(call(Kind.DELETE, id, expected).mustExist(mustExist).build()));
    }

    private static Call.Builder call(Kind kind, String id, @Nullable ItemState expected) {
        return Call.of(Operation.valueOf(kind.name()))
                .key(Key.of(id, NAME))
                .expectedVersion(expected == null ? null : (Long) expected.version());
    }

    private Result execute(Call call) {
        try {
            return told(store.execute(call).join());
        } catch (CompletionException e) {
            return told(e.getCause() == null ? e : e.getCause());
        }
    }

    private static Result told(Outcome outcome) {
        if (outcome instanceof Outcome.Written written) {
            return new Result.Done(written.version());
        }
        if (outcome instanceof Outcome.Read read) {
            Item item = read.item();
            return item == null ? new Result.Absent() : new Result.Found(Payloads.read(item.version(), item.payload()));
        }
        return new Result.Done(null);
    }

    private static Result told(Throwable error) {
        if (error instanceof KeyExistsException) {
            return new Result.Refused(Refusal.EXISTS, null);
        }
        if (error instanceof KeyNotFoundException) {
            return new Result.Refused(Refusal.MISSING, null);
        }
        if (error instanceof VersionConflictException conflict) {
            return new Result.Refused(Refusal.CONFLICT, conflict.actual());
        }
        return error.getClass().getSimpleName().equals("OutcomeUnknownException")
                ? new Result.Unknown()
                : new Result.Failed(error.toString());
    }
}
