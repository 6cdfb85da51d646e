/* SPDX-License-Identifier: Apache-2.0 */
/** That items, lists and tokens of the Go library dynastorev2 and of this store are the same: a recording, replayed. */
@NullMarked
package io.dynastore.store.interop;

import org.jspecify.annotations.NullMarked;
