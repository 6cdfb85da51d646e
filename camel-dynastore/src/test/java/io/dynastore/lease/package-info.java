/* SPDX-License-Identifier: Apache-2.0 */
/** What locks promise, on a real engine, over a bad network, and with time turned by hand. */
@NullMarked
package io.dynastore.lease;

import org.jspecify.annotations.NullMarked;
