/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.main.Main;

/**
 * A node of a job, in a JVM of its own. It gets its settings as system properties, and ends when its standard input
 * does: the end of the job is the end of all nodes.
 */
final class NodeProcess implements AutoCloseable {

    /** What a node prints when it has started. */
    static final String READY = "ready";

    private static final long END_SECONDS = 30;

    private final Process process;
    private final Thread reader;

    /** Gets what the job says. */
    interface Receiver {
        void receive(String line) throws Exception;
    }

    private NodeProcess(Process process, Consumer<String> lines) {
        this.process = process;
        this.reader = new Thread(() -> read(process, lines), "node-" + process.pid());
    }

    /**
     * Starts a node.
     *
     * @param lines gets each line that the node prints, on a thread of this node
     */
    static NodeProcess start(Class<?> main, String name, Properties settings, Consumer<String> lines)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xmx128m");
        settings.stringPropertyNames().stream()
                .filter(setting -> setting.startsWith("camel.") || setting.startsWith("example."))
                .forEach(setting -> command.add("-D" + setting + "=" + settings.getProperty(setting)));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName(),
                name));
        NodeProcess node = new NodeProcess(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start(),
                lines);
        node.reader.setDaemon(true);
        node.reader.start();
        return node;
    }

    /** In a node: starts the program, and stops it when the job ends. */
    static void runUntilJobEnds(Main program) throws Exception {
        runUntilJobEnds(program, line -> {});
    }

    /**
     * The same.
     *
     * @param lines gets each line that the job says to the node
     */
    static void runUntilJobEnds(Main program, Receiver lines) throws Exception {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("camel.") || name.startsWith("example."))
                .forEach(name -> program.addOverrideProperty(name, System.getProperty(name)));
        program.start();
        System.out.println(READY);
        BufferedReader said = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            lines.receive(line);
        }
        program.stop();
    }

    /** Says a line to it. A dead node does not hear it. */
    void say(String line) {
        try {
            OutputStream said = process.getOutputStream();
            said.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            said.flush();
        } catch (IOException e) {
            // The node is dead.
        }
    }

    /** Kills it: it has no chance to end anything. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        await();
    }

    /** Lets it stop, and waits for its end. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            await();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void await() throws InterruptedException {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
    }

    private static void read(Process process, Consumer<String> lines) {
        try (BufferedReader printed = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = printed.readLine(); line != null; line = printed.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // The node is dead.
        }
    }
}
