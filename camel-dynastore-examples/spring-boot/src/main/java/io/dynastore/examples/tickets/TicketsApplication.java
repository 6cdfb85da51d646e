/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples.tickets;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Tickets with Spring Boot. The following command runs it beside a DynamoDB Local:
 *
 * <pre>{@code
 * mvn -q -Dexample=spring-boot
 * }</pre>
 *
 * <p>The following command runs it on AWS, with the SDK's usual credentials:
 *
 * <pre>{@code
 * mvn -q -Dexample=spring-boot -Dexample.args="-Dcamel.component.dynastore.region=eu-central-1 -Dtickets.table=demo"
 * }</pre>
 */
@SpringBootApplication
public class TicketsApplication {

    public TicketsApplication() {}

    public static void main(String[] args) {
        try {
            SpringApplication.run(TicketsApplication.class, args);
        } catch (RuntimeException e) {
            // Spring Boot has logged the error. The thread that waits for idleness would keep the JVM running.
            System.exit(1);
        }
    }
}
