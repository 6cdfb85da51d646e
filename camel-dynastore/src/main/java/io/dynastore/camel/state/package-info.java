/* SPDX-License-Identifier: Apache-2.0 */
/** Camel's state on a table: the repositories that its patterns and components use. */
@NullMarked
package io.dynastore.camel.state;

import org.jspecify.annotations.NullMarked;
