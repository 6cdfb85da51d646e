/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** A {@link ClusterNode} as a program. Writes a line for each tick of its route, and when it becomes the leader. */
final class ClusterNodeMain {

    private ClusterNodeMain() {}

    /**
     * Runs until its standard input ends.
     *
     * @param arguments the table
     */
    public static void main(String[] arguments) throws Exception {
        ClusterNode node = new ClusterNode(
                DynamoDbExtension.create(),
                arguments[0],
                now -> System.out.println("tick " + now),
                new ExecutionInterceptor() {});
        node.context.start();
        node.onLead(() -> System.out.println("leads"));
        System.out.println("ready");
        ChildJvm.awaitEnd();
        node.close();
    }
}
