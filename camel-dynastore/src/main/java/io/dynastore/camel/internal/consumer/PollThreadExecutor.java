/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** The thread of a poll, which does what it is given while it waits for the poll to end. */
public final class PollThreadExecutor implements Executor {

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Works until this is done. What it was given and has not begun by then is dropped. */
    public void workUntil(CompletableFuture<?> done) throws InterruptedException {
        CompletableFuture<?> unused = done.whenComplete((result, error) -> tasks.add(() -> {}));
        while (!done.isDone()) {
            tasks.take().run();
        }
    }
}
