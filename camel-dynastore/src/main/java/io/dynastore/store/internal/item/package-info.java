/* SPDX-License-Identifier: Apache-2.0 */
/** One item on the wire: expressions, conditions, updates, write ids and the errors of a failed condition. Not API. */
@NullMarked
package io.dynastore.store.internal.item;

import org.jspecify.annotations.NullMarked;
