/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(500)
class OrdersJobTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Test
    void packsEachOrderOnceAlthoughANodeIsKilled() throws Exception {
        Report report = new Report();

        OrdersJob.run(Settings.of(dynamo, dynamo.freshName("orders")), report);

        assertThat(report.failures()).isEmpty();
        assertThat(report.checks()).isEqualTo(5);
    }
}
