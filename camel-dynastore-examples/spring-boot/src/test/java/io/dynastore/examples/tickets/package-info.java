/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.dynastore.examples.tickets;

import org.jspecify.annotations.NullMarked;
