/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.lease;

import io.dynastore.store.Failures;
import io.dynastore.store.InvalidInputException;
import io.dynastore.store.Key;
import io.dynastore.store.LockNotAcquiredException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Acquires any free lock of a partition. Each round reads the partition page by page, and tries the locks of a page
 * that look free in random order. So callers that come at the same time rarely try the same lock.
 */
final class PoolAcquireLoop extends AcquireLoop {

    private final AcquireAttempt attempt;
    private final LockQuery query;

    /** Encodes the partition key, which may be invalid. */
    PoolAcquireLoop(LockContext context, AcquireAttempt attempt) {
        super(context, attempt.request());
        if (attempt.key().sortKey() != null) {
            throw new InvalidInputException("Key " + attempt.key()
                    + ": a request for any lock of a partition has a sort key. Leave the sort key out.");
        }
        this.attempt = attempt;
        this.query = new LockQuery(context.client().schema(), attempt.key().partitionKey());
    }

    @Override
    CompletableFuture<LockTaker.Result> look(boolean first) {
        return page(Map.of(), new LockTaker.Result.Busy(attempt, null, OptionalLong.empty()))
                .exceptionallyCompose(error -> LockTaker.unseen(attempt, Failures.cause(error)));
    }

    private CompletableFuture<LockTaker.Result> page(Map<String, AttributeValue> from, LockTaker.Result.Busy before) {
        return context.client().query(query.states(from)).thenCompose(response -> {
            Deque<AcquireAttempt> free = new ArrayDeque<>();
            LockTaker.Result.Busy busy = sort(response, before, free);
            return tryNext(free, busy)
                    .thenCompose(result -> result instanceof LockTaker.Result.Busy none
                                    && !response.lastEvaluatedKey().isEmpty()
                            ? page(response.lastEvaluatedKey(), none)
                            : CompletableFuture.completedFuture(result));
        });
    }

    /** Adds the locks that look free, in random order. Returns the shortest wait for one of the others. */
    private LockTaker.Result.Busy sort(
            QueryResponse response, LockTaker.Result.Busy before, Deque<AcquireAttempt> free) {
        LockTaker.Result.Busy soonest = before;
        List<AcquireAttempt> found = new ArrayList<>();
        for (Map<String, AttributeValue> attributes : response.items()) {
            Key key = context.client().schema().decodeKey(attributes);
            if (key == null) {
                continue;
            }
            AcquireAttempt one = attempt.of(key, context.client().schema().encode(key));
            OptionalLong wait = taker.seen(one, LockItem.of(context.client().schema(), attributes));
            if (wait.isPresent() && wait.getAsLong() <= 0) {
                found.add(one);
            } else {
                soonest = sooner(soonest, wait);
            }
        }
        Collections.shuffle(found, new Random(context.random().nextLong()));
        free.addAll(found);
        return soonest;
    }

    private CompletableFuture<LockTaker.Result> tryNext(Deque<AcquireAttempt> free, LockTaker.Result.Busy none) {
        AcquireAttempt next = free.poll();
        return next == null
                ? CompletableFuture.completedFuture(none)
                : taker.once(next)
                        .thenCompose(result -> result instanceof LockTaker.Result.Busy busy
                                ? tryNext(free, sooner(none, busy.untilFree()))
                                : CompletableFuture.completedFuture(result));
    }

    private static LockTaker.Result.Busy sooner(LockTaker.Result.Busy one, OptionalLong wait) {
        boolean sooner = wait.isPresent()
                && (one.untilFree().isEmpty()
                        || wait.getAsLong() < one.untilFree().getAsLong());
        return sooner ? new LockTaker.Result.Busy(one.attempt(), null, wait) : one;
    }

    @Override
    LockNotAcquiredException notAcquired(LockTaker.@Nullable Result last) {
        return last instanceof LockTaker.Result.OutOfReach lost
                ? LockNotAcquiredException.outOfReach(
                        context.client().tableName(), lost.attempt().key(), lost.cause())
                : LockNotAcquiredException.noneFree(
                        context.client().tableName(), attempt.key().partitionKey());
    }
}
