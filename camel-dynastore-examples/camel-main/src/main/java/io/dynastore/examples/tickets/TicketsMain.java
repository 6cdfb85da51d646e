/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import org.apache.camel.main.Main;

/**
 * Tickets with Camel Main. The following command runs it beside a DynamoDB Local:
 *
 * <pre>{@code
 * mvn -q -Dexample=camel-main
 * }</pre>
 *
 * <p>The following command runs it on AWS, with the SDK's usual credentials:
 *
 * <pre>{@code
 * mvn -q -Dexample=camel-main -Dexample.args="-Dcamel.component.dynastore.region=eu-central-1 -Dtickets.table=demo"
 * }</pre>
 */
public final class TicketsMain {

    private TicketsMain() {}

    public static void main(String[] args) throws Exception {
        // Finds the routes in the package of this class, and application.properties on the class path.
        System.exit(new Main(TicketsMain.class).run(args));
    }
}
