/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.thread;

import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of the application, for threads on which a route runs. A thread inherits the context class loader
 * of the thread that started it, which may be one of an HTTP client: it then has none, or that of the system.
 */
public final class ContextClassLoader {

    private ContextClassLoader() {}

    /**
     * A task that runs with the class loader of the application. The thread has its own again afterwards.
     *
     * @param context the context of the route; null if it is not known, which changes nothing
     */
    public static Runnable in(@Nullable CamelContext context, Runnable task) {
        ClassLoader loader = context == null ? null : context.getApplicationContextClassLoader();
        return loader == null ? task : () -> run(loader, task);
    }

    private static void run(ClassLoader loader, Runnable task) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (before == loader) {
            task.run();
            return;
        }
        thread.setContextClassLoader(loader);
        try {
            task.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
