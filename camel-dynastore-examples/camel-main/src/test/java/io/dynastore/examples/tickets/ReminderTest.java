/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynastore.test.DynamoDbExtension;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole program with its {@code application.properties}, on the engine of the extension. */
class ReminderTest extends CamelMainTestSupport {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    @Override
    protected Class<?> getMainClass() {
        return TicketsMain.class;
    }

    @Override
    public void configureContext(CamelContextConfiguration context) {
        super.configureContext(context);
        Properties properties = new Properties();
        properties.putAll(dynamo.componentProperties());
        properties.setProperty("tickets.table", dynamo.freshName("tickets"));
        context.withUseOverridePropertiesWithPropertiesComponent(properties);
    }

    @Test
    void runsOnTheLeader() {
        NotifyBuilder reminded =
                new NotifyBuilder(context).fromRoute("reminder").whenDone(1).create();

        assertTrue(reminded.matches(20, TimeUnit.SECONDS));
    }
}
