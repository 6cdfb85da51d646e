/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.util.concurrent.CompletableFuture;

/** Ends the whole measurement when a step fails: figures of failing steps mean nothing. */
final class Outcomes {

    private Outcomes() {}

    static void tell(CompletableFuture<?> answer, Subject.Done done) {
        CompletableFuture<?> unused = answer.whenComplete((result, error) -> {
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
