/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.net.URI;

/**
 * A running DynamoDB, or a compatible engine.
 *
 * <p>System properties choose it. {@code dynastore.test.endpoint=http://host:port} means one that runs already.
 * {@code dynastore.test.engine=container} means the image of DynamoDB Local. {@code embedded} or no property means
 * DynamoDB Local inside this JVM.
 */
interface Engine {

    /** System property that names the engine. */
    String ENGINE = "dynastore.test.engine";

    /** System property with the address of a DynamoDB that runs already; wins over {@link #ENGINE}. */
    String ENDPOINT = "dynastore.test.endpoint";

    /** The address of the engine. */
    URI endpoint();

    /**
     * Starts the engine that the system properties choose. It lives as long as the JVM.
     *
     * @throws IllegalArgumentException if the properties name no known engine
     * @throws IllegalStateException    if the engine can't be started
     */
    static Engine start() {
        String endpoint = System.getProperty(ENDPOINT, "");
        if (!endpoint.isBlank()) {
            URI uri = URI.create(endpoint);
            return () -> uri;
        }
        String engine = System.getProperty(ENGINE, "");
        return switch (engine) {
            case "", "embedded" -> EmbeddedEngine.start();
            case "container" -> ContainerEngine.start();
            default ->
                throw new IllegalArgumentException(
                        ENGINE + " is '" + engine + "', but has to be embedded or container");
        };
    }
}
