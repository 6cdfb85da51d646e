/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.queue;

import io.dynastore.lease.LeaseTerm;
import io.dynastore.store.TableSchema;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item that was claimed here. Immutable.
 *
 * @param id the id of the claim, which no other claim has
 * @param schema the layout of the table
 * @param attributes the whole item as the claim left it or found it later
 * @param term the part of the lease that the claim itself confirmed
 * @param until the end that the claim asked for, in milliseconds since 1970
 */
record Claim(String id, TableSchema schema, Map<String, AttributeValue> attributes, LeaseTerm term, long until) {

    QueueItem item() {
        return new QueueItem(schema, attributes);
    }

    /** The key attributes of the item. */
    Map<String, AttributeValue> key() {
        return item().key();
    }

    /** How many deliveries the item has had, with the one of this claim: 1 at the first. */
    long deliveries() {
        return item().count();
    }

    /** The fencing token: higher than that of each earlier claim of the item. */
    long token() {
        return item().fence();
    }

    /** The version of the item as it is delivered. */
    long version() {
        return item().versionNumber();
    }
}
