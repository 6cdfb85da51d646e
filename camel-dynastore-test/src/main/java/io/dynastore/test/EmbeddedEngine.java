/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import software.amazon.dynamodb.services.local.main.CommandLineInput;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/** DynamoDB Local in this JVM and in memory. All credentials and regions share its data. */
record EmbeddedEngine(URI endpoint) implements Engine {

    private static final int MAX_ATTEMPTS = 5;

    /**
     * Starts a server on a free port.
     *
     * @throws IllegalStateException if it does not start
     */
    static EmbeddedEngine start() {
        QuietEngine.begin();
        IllegalStateException failure = new IllegalStateException("DynamoDB Local did not start");
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            try {
                return startOn(freePort());
            } catch (BindException e) {
                // The server can't report its port, so a free one is chosen here: another process may take it first.
                failure.addSuppressed(e);
            } catch (Exception e) {
                failure.addSuppressed(e);
                throw failure;
            }
        }
        throw failure;
    }

    private static EmbeddedEngine startOn(int port) throws Exception {
        String[] arguments = {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", Integer.toString(port)};
        CommandLineInput options = new CommandLineInput(arguments);
        options.init();
        ServerRunner.createServer(options).start();
        return new EmbeddedEngine(URI.create("http://localhost:" + port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
