/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import org.jspecify.annotations.Nullable;

/**
 * A call that changes one item under a condition.
 *
 * @param <R> the outcome of a call that succeeds
 */
public sealed interface ConditionalCall<R extends Outcome> extends Call<R> permits DeleteCall, WriteCall {

    /** The item. */
    Key key();

    /** The version that the item must have; 0: a live item without one; null: any. */
    @Nullable
    Long expectedVersion();

    /**
     * The incarnation that the item must be in, as it came with the expected version; null: any. Without an expected
     * version it is null.
     */
    @Nullable
    Incarnation expectedIncarnation();

    /**
     * The token of the lock that protects the item. The write fails if a write with a later token came before it, and
     * the item keeps the token. Null: the write is not fenced, and the token that the item keeps stays.
     */
    @Nullable
    Long fencingToken();

    /**
     * Whether the write is sent as a transaction of one write, at twice the capacity. The service applies such a write
     * once, also if its response is lost, the request is repeated, and others write in between.
     */
    boolean exactlyOnce();

    /** The write of unknown outcome that this one may repeat; null: none. */
    @Nullable
    IdempotencyToken idempotencyToken();

    /**
     * Collects the options of such a call. Not thread safe.
     *
     * @param <R> the outcome of a call that succeeds
     */
    sealed interface Builder<R extends Outcome> extends Call.Builder<R> permits DeleteCall.Builder, WriteCall.Builder {

        /** The item. */
        Builder<R> key(Key key);

        /** See {@link ConditionalCall#expectedVersion}. Default: any. */
        Builder<R> expectedVersion(@Nullable Long version);

        /** See {@link ConditionalCall#expectedIncarnation}. Default: any. */
        Builder<R> expectedIncarnation(@Nullable Incarnation incarnation);

        /** See {@link ConditionalCall#fencingToken}. Default: not fenced. */
        Builder<R> fencingToken(@Nullable Long token);

        /** See {@link ConditionalCall#exactlyOnce}. Default: false. */
        Builder<R> exactlyOnce(boolean once);

        /** See {@link ConditionalCall#idempotencyToken}. Default: none. */
        Builder<R> idempotencyToken(@Nullable IdempotencyToken token);
    }
}
