/* SPDX-License-Identifier: Apache-2.0 */

/** Tests of tickets in YAML. */
@NullMarked
package io.dynastore.examples.tickets;

import org.jspecify.annotations.NullMarked;
