/* SPDX-License-Identifier: Apache-2.0 */
/** What an exchange has seen, holds and has left unresolved. Not API. */
@NullMarked
package io.dynastore.camel.internal.exchange;

import org.jspecify.annotations.NullMarked;
