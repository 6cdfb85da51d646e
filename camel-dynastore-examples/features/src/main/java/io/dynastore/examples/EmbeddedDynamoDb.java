/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.FutureTask;
import software.amazon.dynamodb.services.local.main.CommandLineInput;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** DynamoDB Local inside this JVM, in memory, so that an example needs neither network nor account. */
public final class EmbeddedDynamoDb implements AutoCloseable {

    private final ThreadGroup threads = new ThreadGroup("dynamodb-local");
    private final DynamoDBProxyServer server;
    private final URI endpoint;

    private EmbeddedDynamoDb(int port) throws Exception {
        endpoint = URI.create("http://localhost:" + port);
        // One of the server's threads survives stop() by minutes and would delay the end of the program. The thread
        // group makes it possible to interrupt all of them.
        FutureTask<DynamoDBProxyServer> starting = new FutureTask<>(() -> serve(port));
        new Thread(threads, starting, "dynamodb-local-start").start();
        server = starting.get();
    }

    /**
     * Starts it on a free port.
     *
     * @throws IllegalStateException if it does not start
     */
    public static EmbeddedDynamoDb start() {
        try {
            return new EmbeddedDynamoDb(freePort());
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not start", e);
        }
    }

    /** Where it listens. It accepts any credentials and any region. */
    public URI endpoint() {
        return endpoint;
    }

    /** The properties of Camel Main that connect the component to this engine. */
    Map<String, String> settings() {
        String component = "camel.component.dynastore.";
        return Map.of(
                component + "overrideEndpoint", "true",
                component + "uriEndpointOverride", endpoint.toString(),
                component + "region", "eu-central-1",
                component + "accessKey", "any",
                component + "secretKey", "any");
    }

    /** Stops it and discards the data. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not stop", e);
        } finally {
            threads.interrupt();
        }
    }

    private static DynamoDBProxyServer serve(int port) throws Exception {
        CommandLineInput options = new CommandLineInput(
                new String[] {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", Integer.toString(port)});
        options.init();
        DynamoDBProxyServer server = ServerRunner.createServer(options);
        server.start();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
