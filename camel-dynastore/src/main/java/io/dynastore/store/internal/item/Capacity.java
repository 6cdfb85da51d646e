/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.internal.item;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

/** Capacity units as responses report them. A response that reports none counts as zero. */
public final class Capacity {

    private Capacity() {}

    public static double of(@Nullable ConsumedCapacity reported) {
        return reported == null || reported.capacityUnits() == null ? 0 : reported.capacityUnits();
    }

    public static double of(Collection<ConsumedCapacity> reported) {
        return reported.stream().mapToDouble(Capacity::of).sum();
    }
}
