/* SPDX-License-Identifier: Apache-2.0 */
/** A client that makes the first attempt of frequent requests at less cost than the SDK's. Not API. */
@NullMarked
package io.dynastore.store.internal.lean;

import org.jspecify.annotations.NullMarked;
