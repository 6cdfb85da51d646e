/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynastore.test.DynamoDbExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Starts several processes, which takes a minute or two. */
@Timeout(500)
@EnabledIfSystemProperty(named = "dynastore.test.jobs", matches = "true")
class ParcelsJobTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Test
    void readsEachLaneInOrderWhileNodesComeAndGo() throws Exception {
        Report report = new Report();

        ParcelsJob.run(Settings.of(dynamo, dynamo.freshName("parcels")), report);

        assertThat(report.failures()).isEmpty();
        assertThat(report.checks()).isEqualTo(4);
    }
}
