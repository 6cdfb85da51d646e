/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Locks on a DynamoDB table: leases with an owner, a heartbeat and a fencing token that only ever grows.
 *
 * <p>{@link io.dynastore.lease.Locks} is the entry, {@link io.dynastore.lease.Lease} a lock that is held. Why it holds what it
 * promises is argued in {@code LeaseRules}. Nothing in here knows Camel.
 */
@NullMarked
package io.dynastore.lease;

import org.jspecify.annotations.NullMarked;
