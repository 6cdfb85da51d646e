/* SPDX-License-Identifier: Apache-2.0 */
/** State of an exchange: the versions it has seen, the leases it holds, the write whose outcome is unknown. Not API. */
@NullMarked
package io.dynastore.camel.internal.exchange;

import org.jspecify.annotations.NullMarked;
