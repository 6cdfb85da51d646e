/* SPDX-License-Identifier: Apache-2.0 */
/** The threads that routes run on. Not API. */
@NullMarked
package io.dynastore.camel.internal.thread;

import org.jspecify.annotations.NullMarked;
