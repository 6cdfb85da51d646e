/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Locks on a DynamoDB table: leases with an owner, a heartbeat and a fencing token that only grows.
 *
 * <p>Start with {@link io.dynastore.lease.Locks}. A {@link io.dynastore.lease.Lease} is a lock that is held.
 * {@code LeaseRules} argues why the guarantees hold. Nothing here knows Camel.
 */
@NullMarked
package io.dynastore.lease;

import org.jspecify.annotations.NullMarked;
