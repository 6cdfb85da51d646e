/* SPDX-License-Identifier: Apache-2.0 */
/** The state that the developer console, health checks and meters show. Not API. */
@NullMarked
package io.dynastore.camel.internal.monitor;

import org.jspecify.annotations.NullMarked;
