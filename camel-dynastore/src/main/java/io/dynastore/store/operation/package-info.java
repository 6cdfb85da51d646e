/* SPDX-License-Identifier: Apache-2.0 */

/**
 * One file an operation: its requests, and what an answer to them means. Internal to the store: {@link
 * io.dynastore.store.DynaStore} is the way in.
 */
@NullMarked
package io.dynastore.store.operation;

import org.jspecify.annotations.NullMarked;
