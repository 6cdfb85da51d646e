/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.concurrent.CompletableFuture;

/** Ends the whole process if an operation fails: measurements of failing operations mean nothing. */
final class Outcomes {

    private Outcomes() {}

    static void report(CompletableFuture<?> response, Subject.Done done) {
        CompletableFuture<?> unused = response.whenComplete((result, error) -> {
            if (error != null) {
                fail(error);
            }
            done.done(false);
        });
    }

    static void fail(Throwable error) {
        error.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
