/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

/** The repository on several nodes. */
class AggregationNodesTest extends AggregationNodesContract {

    @Override
    AggregationNode create() {
        return new AggregationNode(dynamo, table, clock);
    }
}
