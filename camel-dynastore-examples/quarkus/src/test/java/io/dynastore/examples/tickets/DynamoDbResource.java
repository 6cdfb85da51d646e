/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import io.dynastore.test.DynamoDbExtension;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/** The extension for Quarkus, whose application starts before JUnit calls its extensions. */
public final class DynamoDbResource implements QuarkusTestResourceLifecycleManager {

    private final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Override
    public Map<String, String> start() {
        Map<String, String> properties = new HashMap<>(dynamo.componentProperties());
        properties.put("tickets.table", dynamo.freshName("tickets"));
        properties.put("camel.main.duration-max-seconds", "0"); // the tests end it
        return properties;
    }

    @Override
    public void stop() {
        // The tables are dropped with the engine.
    }
}
