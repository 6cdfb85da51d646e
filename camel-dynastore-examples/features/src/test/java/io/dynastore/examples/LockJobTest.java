/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class LockJobTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Test
    void losesNoBookingRejectsTheStaleOneAndHandsOverLeadership() throws Exception {
        Report report = new Report();

        LockJob.run(Settings.of(dynamo, dynamo.freshName("locks")), report);

        assertThat(report.failures()).isEmpty();
        assertThat(report.checks()).isEqualTo(4);
        assertThat(report.get(Counter.STALE_WRITES)).isEqualTo(1);
    }
}
