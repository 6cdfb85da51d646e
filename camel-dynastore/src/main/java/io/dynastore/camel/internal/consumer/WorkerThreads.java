/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.camel.internal.thread.ContextClassLoader;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a consumer's workers, except the first worker, which runs on the thread of the poll. Thread safe.
 *
 * <p>The threads exist once a worker needs one, and end with the consumer. Tasks that run by then are interrupted, as
 * the thread of the poll is.
 */
final class WorkerThreads implements Executor {

    private final CamelContext context;
    private final Object source;
    private final String name;
    private @Nullable ExecutorService pool;
    private boolean closed;

    /**
     * Creates no thread yet.
     *
     * @param source the owner of the threads in Camel's management
     * @param name the name of the threads
     */
    WorkerThreads(CamelContext context, Object source, String name) {
        this.context = context;
        this.source = source;
        this.name = name;
    }

    /** Runs the task, or drops it if the threads have ended. */
    @Override
    public synchronized void execute(Runnable task) {
        if (closed) {
            return;
        }
        if (pool == null) {
            pool = context.getExecutorServiceManager().newCachedThreadPool(source, name);
        }
        pool.execute(ContextClassLoader.in(context, task));
    }

    synchronized void close() {
        closed = true;
        if (pool != null) {
            context.getExecutorServiceManager().shutdownNow(pool);
        }
    }
}
