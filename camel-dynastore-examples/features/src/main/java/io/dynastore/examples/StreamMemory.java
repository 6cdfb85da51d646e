/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how much memory a stream over a million items needs.
 *
 * <p>There are three processes: an engine, a loader, and a reader in which a route splits the stream. The property
 * {@code -Dreader.heap=96m} sets the heap of the reader, {@code -Ditems=1000000} the number of items.
 */
public final class StreamMemory {

    static final String TABLE = "stream-memory";
    static final String PARTITION = "sensor";

    private StreamMemory() {}

    public static void main(String[] args) throws Exception {
        String items = System.getProperty("items", "1000000");
        int port = freePort();
        String endpoint = "http://localhost:" + port;
        Process engine = java(
                List.of("-Xmx" + System.getProperty("engine.heap", "4g")),
                "software.amazon.dynamodb.services.local.main.ServerRunner",
                "-inMemory",
                "-sharedDb",
                "-disableTelemetry",
                "-port",
                Integer.toString(port));
        try {
            run(java(List.of("-Xmx512m"), StreamMemoryLoad.class.getName(), endpoint, items));
            String heap = System.getProperty("reader.heap", "96m");
            run(java(List.of("-Xmx" + heap), StreamMemoryRead.class.getName(), endpoint, items));
        } finally {
            engine.destroy();
            engine.waitFor();
        }
    }

    private static void run(Process process) throws InterruptedException {
        if (process.waitFor() != 0) {
            throw new IllegalStateException("A process ended with " + process.exitValue() + ", see its output.");
        }
    }

    private static Process java(List<String> options, String main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(nothing()));
        return builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static File nothing() {
        return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
