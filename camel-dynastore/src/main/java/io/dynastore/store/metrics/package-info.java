/* SPDX-License-Identifier: Apache-2.0 */
/** Counters and latencies of the calls of a store. */
@NullMarked
package io.dynastore.store.metrics;

import org.jspecify.annotations.NullMarked;
