/* SPDX-License-Identifier: Apache-2.0 */
/** What was promised against what happened: client logs held against the table's stream. */
@NullMarked
package io.dynastore.history;

import org.jspecify.annotations.NullMarked;
