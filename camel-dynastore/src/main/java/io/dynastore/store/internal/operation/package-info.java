/* SPDX-License-Identifier: Apache-2.0 */
/** The operations of the store, one file each: the request from a call, the result from a response. Not API. */
@NullMarked
package io.dynastore.store.internal.operation;

import org.jspecify.annotations.NullMarked;
