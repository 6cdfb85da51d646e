/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * How long a thread waits for an item: until a time-out, or until it may not run any more. Used by one thread.
 *
 * <p>A caller that does not wait for items still waits for the response to its request.
 */
public final class Patience {

    /** How soon a waiting thread finds out that it may not run any more. */
    private static final long SLICE_MILLIS = 100;

    private final BooleanSupplier runAllowed;
    private final long begun = System.nanoTime();
    private final long timeout;

    /** The wait is over, without a result. */
    static final class OverException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Begins to wait.
     *
     * @param timeout in milliseconds; no limit if negative; if 0, only a request is waited for
     * @param runAllowed whether the thread may still run
     */
    public Patience(long timeout, BooleanSupplier runAllowed) {
        this.timeout = timeout < 0 ? Long.MAX_VALUE : timeout;
        this.runAllowed = runAllowed;
    }

    /** Whether the thread may still run. */
    public boolean runAllowed() {
        return runAllowed.getAsBoolean();
    }

    /** The milliseconds until the time-out; 0 or less if it has passed. */
    public long left() {
        return timeout - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** How long to wait next before {@link #over} is asked again. */
    long slice() {
        return timeout == 0 ? SLICE_MILLIS : Math.max(1, Math.min(SLICE_MILLIS, left()));
    }

    /** Whether a request is not to be waited for any longer. */
    boolean over() {
        return !runAllowed() || (timeout != 0 && left() <= 0);
    }

    /**
     * Waits for the response to a request.
     *
     * @throws OverException if the wait is over first
     */
    <T> T await(CompletableFuture<T> response) throws Exception {
        while (true) {
            try {
                return response.get(slice(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (over()) {
                    throw new OverException();
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }
}
