/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Consumer groups on a DynamoDB table: members share partitions by leases that carry a position.
 *
 * <p>{@code GroupRules} argues why the guarantees hold. {@code Balance} says who should have which partition. Nothing
 * here knows Camel.
 */
@NullMarked
package io.dynastore.group;

import org.jspecify.annotations.NullMarked;
