/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Claimable items of one query.
 *
 * @param candidates the items, in the order of the partition; may be empty although more follow
 * @param place where the next page begins; empty at the end of the partition
 */
public record CandidatePage(List<Candidate> candidates, Map<String, AttributeValue> place) {

    /** Whether the partition has no further items. */
    public boolean last() {
        return place.isEmpty();
    }
}
