/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.history;

import io.dynastore.history.ClientOperation.Kind;
import io.dynastore.history.ClientOperation.Refusal;
import io.dynastore.history.ClientOperation.Result;
import io.dynastore.store.Call;
import io.dynastore.store.ConditionalCall;
import io.dynastore.store.DynaStore;
import io.dynastore.store.Failures;
import io.dynastore.store.GetCall;
import io.dynastore.store.Incarnation;
import io.dynastore.store.Item;
import io.dynastore.store.Key;
import io.dynastore.store.KeyExistsException;
import io.dynastore.store.KeyNotFoundException;
import io.dynastore.store.Outcome;
import io.dynastore.store.OutcomeUnknownException;
import io.dynastore.store.VersionConflictException;
import io.dynastore.store.WriteCall;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** A user of the store who writes down what happens. Waits for each response. */
final class StoreClient {

    /** All items of these tests have the same sort key, so that a partition key names an item. */
    static final String NAME = "n";

    private final DynaStore store;
    private final HistoryLog log;

    /**
     * What a read found.
     *
     * @param state what the item was
     * @param incarnation  in which incarnation, if that is known
     */
    record Seen(ItemState state, @Nullable Incarnation incarnation) {}

    StoreClient(DynaStore store, HistoryLog log) {
        this.store = store;
        this.log = log;
    }

    /** What the item is; null if it is absent, or if that can't be found out. */
    @Nullable
    Seen read(String id) {
        HistoryLog.Entry entry = log.begin(Kind.READ, TableHistory.key(id, NAME));
        GetCall call = Call.get(Key.of(id, NAME))
                .consistentRead(true)
                .failIfMissing(false)
                .build();
        AtomicReference<@Nullable Incarnation> incarnation = new AtomicReference<>();
        Result result = execute(call, read -> incarnation.set(read.incarnation()));
        entry.end(result);
        return result instanceof Result.Found found ? new Seen(found.state(), incarnation.get()) : null;
    }

    /** Creates, puts or updates. */
    void write(Kind kind, String id, @Nullable Seen expected) {
        HistoryLog.Entry entry = begin(kind, id, expected);
        entry.end(execute(call(kind, id, expected)
                .value(Payloads.value(entry.writeId(), 0))
                .build()));
    }

    /** The same with the promise that it is never applied twice. */
    void writeOnce(Kind kind, String id, @Nullable Seen expected) {
        HistoryLog.Entry entry = begin(kind, id, expected).exactlyOnce();
        entry.end(execute(call(kind, id, expected)
                .value(Payloads.value(entry.writeId(), 0))
                .exactlyOnce(true)
                .build()));
    }

    /** Adds one to the counter that was read. */
    void increment(String id, Seen read) {
        HistoryLog.Entry entry = begin(Kind.UPDATE, id, read).adding(1);
        entry.end(execute(call(Kind.UPDATE, id, read)
                .value(Payloads.value(entry.writeId(), read.state().count() + 1))
                .build()));
    }

    void delete(String id, @Nullable Seen expected, boolean mustExist) {
        HistoryLog.Entry entry = begin(Kind.DELETE, id, expected);
        entry.end(execute(expecting(Call.delete(Key.of(id, NAME)).mustExist(mustExist), expected)
                .build()));
    }

    private HistoryLog.Entry begin(Kind kind, String id, @Nullable Seen expected) {
        HistoryLog.Entry entry = log.begin(kind, TableHistory.key(id, NAME));
        if (expected == null) {
            return entry;
        }
        entry.expecting(expected.state());
        return expected.incarnation() == null || expected.incarnation().name() == null
                ? entry
                : entry.inItsIncarnation();
    }

    private static WriteCall.Builder call(Kind kind, String id, @Nullable Seen expected) {
        return expecting(WriteCall.builder(WriteCall.Kind.valueOf(kind.name())).key(Key.of(id, NAME)), expected);
    }

    private static <B extends ConditionalCall.Builder<?>> B expecting(B call, @Nullable Seen expected) {
        if (expected != null) {
            call.expectedVersion(expected.state().version()).expectedIncarnation(expected.incarnation());
        }
        return call;
    }

    private Result execute(Call<?> call) {
        return execute(call, outcome -> {});
    }

    private <R extends Outcome> Result execute(Call<R> call, Consumer<R> seen) {
        try {
            R outcome = store.execute(call).join();
            seen.accept(outcome);
            return result(outcome);
        } catch (CompletionException e) {
            return result(Failures.cause(e));
        }
    }

    private static Result result(Outcome outcome) {
        if (outcome instanceof Outcome.Written written) {
            return new Result.Done(written.version());
        }
        if (outcome instanceof Outcome.Read read) {
            Item item = read.item();
            return item == null ? new Result.Absent() : new Result.Found(Payloads.read(item.version(), item.payload()));
        }
        return new Result.Done(null);
    }

    private static Result result(Throwable error) {
        if (error instanceof KeyExistsException) {
            return new Result.Refused(Refusal.EXISTS, null);
        }
        if (error instanceof KeyNotFoundException) {
            return new Result.Refused(Refusal.MISSING, null);
        }
        if (error instanceof VersionConflictException conflict) {
            return new Result.Refused(Refusal.CONFLICT, conflict.actual());
        }
        return error instanceof OutcomeUnknownException unknown
                ? new Result.Unknown(
                        !(unknown.getCause() instanceof AwsServiceException response && response.statusCode() == 400))
                : new Result.Failed(error.toString());
    }
}
