/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.InvalidTokenException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the position of a consumer in each partition.
 *
 * <p>A position is a checkpoint: all items in front of it have been processed, and the next cycle begins behind it. Its
 * value is the token that a list continues with.
 *
 * <p>Thread safe. Each partition has one reader at a time.
 *
 * <p>Decision 13 in docs/decisions has the reasons.
 */
public interface PositionStore {

    /** Loads the position; completes with null if the partition has none, and is read from its start. */
    CompletableFuture<@Nullable String> load(Partition partition);

    /** Saves the position. Completes when it is as durable as this store can make it. */
    CompletableFuture<Void> save(Partition partition, @Nullable String token);

    /** The current cycle has reached the end of this partition. */
    void completed(Partition partition);

    /** These partitions are consumed now. What is known of others may be forgotten. */
    void retain(Collection<Partition> listed);

    /** The positions that are known here, for monitoring. Sends no request. */
    Map<Partition, String> known();

    /** The error to throw if the list that is read rejects its position. */
    RuntimeException invalid(Partition partition, InvalidTokenException error);
}
