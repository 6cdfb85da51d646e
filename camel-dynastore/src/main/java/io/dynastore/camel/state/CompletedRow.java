/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.store.DynaStoreException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A completed group as it was read.
 *
 * @param exchangeId the id of its exchange
 * @param holder the id of its completion or latest recovery
 * @param until the end of its lease, in milliseconds
 * @param owner the instance that has completed or recovered it
 * @param deliveries how often it was recovered
 */
record CompletedRow(String exchangeId, String holder, long until, String owner, long deliveries) {

    static CompletedRow of(String exchangeId, Map<String, AttributeValue> item) {
        return new CompletedRow(
                exchangeId,
                text(item.get(AggregationWrites.HOLDER)),
                GroupVersion.number(item.get(AggregationWrites.UNTIL)),
                text(item.get(AggregationWrites.OWNER)),
                GroupVersion.number(item.get(AggregationWrites.DELIVERIES)));
    }

    /** Whether an instance may recover it: its lease is over, or the instance itself has it and works on it no more. */
    boolean isFreeFor(String instance, long freeBefore) {
        return until < freeBefore || owner.equals(instance);
    }

    private static String text(@Nullable AttributeValue attribute) {
        if (attribute == null || attribute.s() == null) {
            throw new DynaStoreException("The item of a completed group is damaged.");
        }
        return attribute.s();
    }
}
