/* SPDX-License-Identifier: Apache-2.0 */

/** The Kamelets, run as they lie in the jar. */
@NullMarked
package io.dynastore.kamelet;

import org.jspecify.annotations.NullMarked;
