/* SPDX-License-Identifier: Apache-2.0 */

/** Rules that hold for the whole component: its layers and its documentation. */
@NullMarked
package io.dynastore;

import org.jspecify.annotations.NullMarked;
