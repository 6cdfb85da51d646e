/* SPDX-License-Identifier: Apache-2.0 */
/** Messages to calls of the store, and outcomes to messages. Not API. */
@NullMarked
package io.dynastore.camel.internal.message;

import org.jspecify.annotations.NullMarked;
