/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.lean;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The threads of a client besides those of its HTTP client.
 *
 * @param timer ends attempts that reach their time limit
 * @param readers read large responses and complete their calls; must not wait for a response themselves
 */
record Threads(ScheduledExecutorService timer, Executor readers) {}
