/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs tasks on the thread of a poll, while that thread waits for the end of the poll. */
final class PollThreadExecutor implements Executor {

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs tasks until this future is done. Tasks that have not begun by then are dropped. */
    void workUntil(CompletableFuture<?> done) throws InterruptedException {
        CompletableFuture<?> unused = done.whenComplete((result, error) -> tasks.add(() -> {}));
        while (!done.isDone()) {
            tasks.take().run();
        }
    }
}
