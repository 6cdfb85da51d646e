/* SPDX-License-Identifier: Apache-2.0 */

/** Tests of tickets on Quarkus. */
@NullMarked
package io.dynastore.examples.tickets;

import org.jspecify.annotations.NullMarked;
