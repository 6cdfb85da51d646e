/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.net.URI;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** The published image of DynamoDB Local, in a container that Testcontainers removes when the JVM ends. */
record ContainerEngine(URI endpoint) implements Engine {

    private static final String IMAGE = "amazon/dynamodb-local:3.3.1";
    private static final int PORT = 8000;

    /**
     * Starts a container.
     *
     * @throws IllegalStateException if no container engine is available, or Testcontainers is not on the class path
     */
    static ContainerEngine start() {
        try {
            return startContainer();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "-D" + ENGINE + "=container needs org.testcontainers:testcontainers on the test class path", e);
        }
    }

    @SuppressWarnings("resource") // lives as long as the JVM
    private static ContainerEngine startContainer() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("-D" + ENGINE + "=container needs a container engine such as Docker, but"
                    + " none responds. Leave the property out to test with DynamoDB Local inside the JVM.");
        }
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withCommand("-jar DynamoDBLocal.jar -inMemory -sharedDb -disableTelemetry -port " + PORT)
                .withExposedPorts(PORT);
        container.start();
        return new ContainerEngine(URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT)));
    }
}
