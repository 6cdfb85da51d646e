/* SPDX-License-Identifier: Apache-2.0 */
/** The guarantees of locks: on a real engine, over a bad network, and with time that the test turns. */
@NullMarked
package io.dynastore.lease;

import org.jspecify.annotations.NullMarked;
