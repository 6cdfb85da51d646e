/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.ClaimIndex;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How items are claimed, and what happens to those that fail. Immutable.
 *
 * @param member the readable name of the claimer
 * @param ttl how long a claim lasts unless it is renewed
 * @param clockSkew the largest difference between two members' clocks to allow for
 * @param maxDeliveries how many deliveries an item gets
 * @param retry when a failed item may be claimed again
 * @param index the index in which due items are found; null: the table is queried
 * @param deadPartition the encoded partition key under which dead items are kept; null: they stay where they are
 */
public record ClaimSettings(
        String member,
        Duration ttl,
        Duration clockSkew,
        int maxDeliveries,
        RetryDelays retry,
        @Nullable ClaimIndex index,
        @Nullable AttributeValue deadPartition) {}
