/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A DynamoDB Local in a process of its own that keeps its data on disk: killed and started again it has what it had.
 */
public final class DurableEngine implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private @Nullable Process process;

    private DurableEngine(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** One that is not yet started. */
    public static DurableEngine in(Path directory) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new DurableEngine(directory, socket.getLocalPort());
        }
    }

    /** The same before and after a restart. */
    public URI endpoint() {
        return URI.create("http://localhost:" + port);
    }

    /** Starts it, and waits until it answers this client. */
    public void start(DynamoDbAsyncClient client) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "software.amazon.dynamodb.services.local.main.ServerRunner",
                        "-dbPath",
                        directory.toString(),
                        "-sharedDb",
                        "-disableTelemetry",
                        "-port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await().atMost(PATIENCE).until(() -> responses(client));
    }

    /** Ends it without a word: SIGKILL. */
    public void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean responses(DynamoDbAsyncClient client) throws InterruptedException {
        try {
            return client.listTables().get() != null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SdkException) {
                return false;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
