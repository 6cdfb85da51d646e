/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.testkit;

import io.dynastore.test.DynamoDbExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program of the tests in a JVM of its own, on the engine of this one. It is told to finish by the end of its
 * standard input, which comes too if this JVM dies.
 *
 * <p>{@link System#nanoTime} of two JVMs on one machine can be compared where it is the system's monotonic clock, as
 * on Linux.
 */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final Thread reader;

    private ChildJvm(Process process, Consumer<String> lines) {
        this.process = process;
        this.reader = new Thread(() -> read(process, lines), "child-" + process.pid());
    }

    /**
     * Starts one.
     *
     * @param main what runs in it
     * @param lines told each line that it writes, in order, by one thread
     */
    public static ChildJvm start(
            DynamoDbExtension dynamo, Class<?> main, List<String> arguments, Consumer<String> lines)
            throws IOException {
        return start(dynamo, "128m", main, arguments, lines);
    }

    /**
     * Starts one with a heap of this size.
     *
     * @param heap as of the option -Xmx
     */
    public static ChildJvm start(
            DynamoDbExtension dynamo, String heap, Class<?> main, List<String> arguments, Consumer<String> lines)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx" + heap,
                "-Ddynastore.test.endpoint=" + dynamo.endpoint(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(arguments);
        ChildJvm child = new ChildJvm(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start(),
                lines);
        child.reader.setDaemon(true);
        child.reader.start();
        return child;
    }

    /** In the child: reads what the parent says, line by line, until the parent wants it to finish. */
    public static void listen(Consumer<String> lines) {
        try (BufferedReader said = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            said.lines().forEach(lines);
        } catch (IOException | UncheckedIOException e) {
            // The parent is gone.
        }
    }

    /** In the child: waits until the parent wants it to finish. */
    public static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said.
            }
        } catch (IOException e) {
            // The parent is gone.
        }
    }

    /** Lets it stand still: SIGSTOP. */
    public void pause() {
        signal("STOP");
    }

    /** Lets it go on: SIGCONT. */
    public void goOn() {
        signal("CONT");
    }

    /** Says a line to it. A dead child does not hear it. */
    public void say(String line) {
        try {
            OutputStream said = process.getOutputStream();
            said.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            said.flush();
        } catch (IOException e) {
            // It is dead.
        }
    }

    /** SIGKILL. Returns when it is dead and all that it wrote is read. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        end();
    }

    /** Tells it to finish. Returns when it has, and all that it wrote is read. */
    public void finish() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It is dead already.
        }
        end();
    }

    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void end() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Process " + process.pid() + " does not end");
        }
        reader.join(10_000);
    }

    private void signal(String name) {
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (status != 0 && process.isAlive()) {
                throw new IllegalStateException("kill -" + name + " failed with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void read(Process process, Consumer<String> lines) {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // It is dead; what it had written before was read.
        }
    }
}
