/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Tickets with Spring Boot.
 *
 * <pre>{@code
 * mvn -q -Dexample=spring-boot
 * }</pre>
 *
 * <p>runs it beside a DynamoDB Local. On AWS, with the SDK's usual credentials:
 *
 * <pre>{@code
 * mvn -q -Dexample=spring-boot -Dexample.args="-Dcamel.component.dynastore.region=eu-central-1 -Dtickets.table=my-tickets"
 * }</pre>
 */
@SpringBootApplication
public class TicketsApplication {

    public TicketsApplication() {}

    public static void main(String[] args) {
        try {
            SpringApplication.run(TicketsApplication.class, args);
        } catch (RuntimeException e) {
            // Spring Boot has told of it. The thread that waits for idleness would keep the program running.
            System.exit(1);
        }
    }
}
