/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a consumer's lanes beyond the first one, which has the thread of the poll. They are there when the first lane asks
 * for one, and end with the consumer: what is under way by then is interrupted, as the thread of the poll is. Thread safe.
 */
final class LaneThreads implements Executor {

    private final CamelContext context;
    private final DynaStoreEndpoint endpoint;
    private @Nullable ExecutorService pool;
    private boolean closed;

    LaneThreads(CamelContext context, DynaStoreEndpoint endpoint) {
        this.context = context;
        this.endpoint = endpoint;
    }

    /** Drops the task if they have ended. */
    @Override
    public synchronized void execute(Runnable task) {
        if (closed) {
            return;
        }
        if (pool == null) {
            pool = context.getExecutorServiceManager().newCachedThreadPool(endpoint, endpoint.getEndpointUri());
        }
        pool.execute(task);
    }

    synchronized void close() {
        closed = true;
        if (pool != null) {
            context.getExecutorServiceManager().shutdownNow(pool);
        }
    }
}
