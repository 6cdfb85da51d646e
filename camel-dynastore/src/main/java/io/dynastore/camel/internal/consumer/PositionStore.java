/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import io.dynastore.store.InvalidTokenException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How far a consumer has come in each partition. A position is the token of a list behind the last item that was passed.
 *
 * <p>Thread safe; one reader at a time for each partition.
 */
public interface PositionStore {

    /** Where to go on; completes with null at the start of the partition. */
    CompletableFuture<@Nullable String> behind(Partition partition);

    /** Everything up to here has been processed. Completes when that is kept as long as it is meant to be. */
    CompletableFuture<Void> passed(Partition partition, @Nullable String token);

    /** A pass has come to the end of this partition. */
    void completed(Partition partition);

    /** Only these partitions are consumed now. */
    void retain(Collection<Partition> listed);

    /** How far it is known to be in each partition, for people: nothing is asked of the service. */
    Map<Partition, String> known();

    /** What to say of a position that is none of the list that is read. */
    RuntimeException unfit(Partition partition, InvalidTokenException error);
}
