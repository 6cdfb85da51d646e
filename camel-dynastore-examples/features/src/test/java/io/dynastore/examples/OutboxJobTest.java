/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class OutboxJobTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Test
    void shipsEachOrderOnceAndInOrderAlthoughItIsStoppedInTheMiddle() throws Exception {
        String table = dynamo.freshName("outbox");
        Properties settings = Settings.of(dynamo, table);
        settings.setProperty("example.outbox", table);
        Report report = new Report();

        OutboxJob.run(settings, report);

        assertThat(report.failures()).isEmpty();
        assertThat(report.checks()).isEqualTo(7);
        assertThat(dynamo.rawScan(table)).hasSize(4 * 60 + 4);
    }
}
