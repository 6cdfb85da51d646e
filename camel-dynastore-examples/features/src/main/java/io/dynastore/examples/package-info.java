/* SPDX-License-Identifier: Apache-2.0 */
/** Programs that show one feature each. */
@NullMarked
package io.dynastore.examples;

import org.jspecify.annotations.NullMarked;
