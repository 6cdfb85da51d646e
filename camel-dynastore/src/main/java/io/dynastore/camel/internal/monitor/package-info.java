/* SPDX-License-Identifier: Apache-2.0 */
/** The state that the developer console and the metrics report. Not API. */
@NullMarked
package io.dynastore.camel.internal.monitor;

import org.jspecify.annotations.NullMarked;
