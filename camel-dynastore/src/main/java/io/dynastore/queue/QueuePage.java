/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items of a work queue, as one query found them.
 *
 * @param items the items in the order of their sort keys; may be empty although more follow
 * @param place where the next page begins; empty at the end
 */
public record QueuePage(List<QueuedItem> items, Map<String, AttributeValue> place) {

    public QueuePage {
        items = List.copyOf(items);
    }

    /** Whether there are no further items. */
    public boolean last() {
        return place.isEmpty();
    }
}
