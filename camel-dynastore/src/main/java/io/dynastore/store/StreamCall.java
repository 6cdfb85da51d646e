/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.concurrent.CompletableFuture;

/**
 * A list that is read as a stream over all its pages. Immutable.
 *
 * @param list what is read; its limit is that of all pages together
 */
public record StreamCall(ListCall list) implements Call<Outcome.Streamed> {

    @Override
    public Operation operation() {
        return Operation.LIST;
    }

    @Override
    public CompletableFuture<Outcome.Streamed> executeBy(Operations operations) {
        return operations.stream(this);
    }
}
