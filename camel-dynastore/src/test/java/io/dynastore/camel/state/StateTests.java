/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What tests of repositories share. */
final class StateTests {

    private StateTests() {}

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }
}
