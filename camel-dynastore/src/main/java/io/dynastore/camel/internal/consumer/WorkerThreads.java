/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a consumer's lanes beyond the first one, which has the thread of the poll. They are there when the first lane asks
 * for one, and end with the consumer: what is under way by then is interrupted, as the thread of the poll is. Thread safe.
 */
public final class WorkerThreads implements Executor {

    private final CamelContext context;
    private final Object source;
    private final String name;
    private @Nullable ExecutorService pool;
    private boolean closed;

    /**
     * @param source what the threads belong to in Camel's management
     * @param name the name of the threads
     */
    public WorkerThreads(CamelContext context, Object source, String name) {
        this.context = context;
        this.source = source;
        this.name = name;
    }

    /** Drops the task if they have ended. */
    @Override
    public synchronized void execute(Runnable task) {
        if (closed) {
            return;
        }
        if (pool == null) {
            pool = context.getExecutorServiceManager().newCachedThreadPool(source, name);
        }
        pool.execute(task);
    }

    public synchronized void close() {
        closed = true;
        if (pool != null) {
            context.getExecutorServiceManager().shutdownNow(pool);
        }
    }
}
