/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.Outcome;
import java.util.concurrent.CompletableFuture;

/**
 * One operation of the store. Implementations are thread safe, built once for a table, and never wait.
 *
 * @param <C> the calls that it carries out
 * @param <R> their outcome
 */
@FunctionalInterface
interface StoreOperation<C extends Call<R>, R extends Outcome> {

    /**
     * Carries out a call.
     *
     * @return the outcome; or, as an exception of the future, a {@link io.dynastore.store.DynaStoreException} or the
     *     SDK's own error
     * @throws io.dynastore.store.InvalidInputException if the call can't be sent; nothing was
     */
    CompletableFuture<R> execute(C call);
}
