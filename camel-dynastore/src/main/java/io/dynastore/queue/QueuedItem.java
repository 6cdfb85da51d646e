/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.store.Key;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An item of a work queue as an operator sees it, without its payload. Immutable.
 *
 * @param key its key
 * @param state its state
 * @param version its version; 0 if it has none
 * @param deliveries how many deliveries it has had
 * @param due from when it can be claimed; null if at once, or if it is dead
 * @param holder the id of the claim, with the name of the process in front; null unless it is in flight
 * @param claimedUntil the end of the claim unless it is renewed; null unless it is in flight
 * @param reason why it is dead; null unless it is dead
 */
public record QueuedItem(
        Key key,
        QueueState state,
        long version,
        long deliveries,
        @Nullable Instant due,
        @Nullable String holder,
        @Nullable Instant claimedUntil,
        @Nullable String reason) {}
