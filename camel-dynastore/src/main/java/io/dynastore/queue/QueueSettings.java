/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.ClaimIndex;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What an operator's view of a queue knows of it.
 *
 * @param partition the encoded partition key of the queue
 * @param deadPartition the encoded partition key of its dead items; null: they stay in the queue
 * @param index the index of the queue; null if it has none
 * @param clockSkew the largest difference between two members' clocks to allow for
 * @param clock tells which items are due
 */
record QueueSettings(
        AttributeValue partition,
        @Nullable AttributeValue deadPartition,
        @Nullable ClaimIndex index,
        Duration clockSkew,
        Clock clock) {}
