/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.MultiRegionConsistency;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * What the description of a table says about its replication. In a table that is replicated without strong consistency,
 * a condition holds in its own region alone, so that two regions could have one lock at once. Stateless.
 */
public final class Replication {

    private Replication() {}

    /**
     * The regions that a table is replicated to without strong consistency.
     *
     * @return their names; empty if there are none, or the table has strong consistency
     */
    public static List<String> weak(TableDescription table) {
        return !table.hasReplicas() || table.multiRegionConsistency() == MultiRegionConsistency.STRONG
                ? List.of()
                : table.replicas().stream().map(ReplicaDescription::regionName).toList();
    }
}
