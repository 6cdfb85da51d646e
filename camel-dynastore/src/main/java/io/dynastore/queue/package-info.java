/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Work queues on a DynamoDB table: items that are claimed one by one, each claim a lease with a fencing token.
 *
 * <p>{@code ClaimRules} argues why the guarantees hold. Nothing here knows Camel.
 */
@NullMarked
package io.dynastore.queue;

import org.jspecify.annotations.NullMarked;
