/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What tests of repositories share. */
final class StateTests {

    private StateTests() {}

    /** A clock in the future: DynamoDB Local removes items that have expired by its own clock. */
    static SettableClock clock() {
        return new SettableClock(Instant.parse("2100-03-01T12:00:00Z"));
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }
}
