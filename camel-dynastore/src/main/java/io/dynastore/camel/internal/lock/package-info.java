/* SPDX-License-Identifier: Apache-2.0 */
/** The operations lock, renew and unlock in routes. Not API. */
@NullMarked
package io.dynastore.camel.internal.lock;

import org.jspecify.annotations.NullMarked;
