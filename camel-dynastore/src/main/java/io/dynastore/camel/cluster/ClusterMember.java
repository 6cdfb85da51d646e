/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import java.util.function.BooleanSupplier;
import org.apache.camel.cluster.CamelClusterMember;

/**
 * A member of the cluster.
 *
 * @param id the name of the member, unique in the cluster
 * @param local whether it is this member
 * @param leading returns whether it leads now
 */
record ClusterMember(String id, boolean local, BooleanSupplier leading) implements CamelClusterMember {

    @Override
    public String getId() {
        return id;
    }

    @Override
    public boolean isLeader() {
        return leading.getAsBoolean();
    }

    @Override
    public boolean isLocal() {
        return local;
    }

    @Override
    public String toString() {
        return id;
    }
}
