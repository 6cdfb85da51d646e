/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.operation;

import io.dynastore.store.Call;
import io.dynastore.store.Outcome;
import java.util.concurrent.CompletableFuture;

/**
 * One operation of the store. Implementations are thread safe, built once for a table, and never wait.
 */
@FunctionalInterface
public interface StoreOperation {

    /**
     * Carries out a call.
     *
     * @return the outcome; or, as an exception of the future, a refusal or the SDK's own error
     * @throws io.dynastore.store.InvalidInputException if the call can't be sent; nothing was
     */
    CompletableFuture<Outcome> execute(Call call);
}
