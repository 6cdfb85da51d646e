/* SPDX-License-Identifier: Apache-2.0 */

/** Tickets of customers, kept in DynamoDB by Camel Main. */
@NullMarked
package io.dynastore.examples.tickets;

import org.jspecify.annotations.NullMarked;
