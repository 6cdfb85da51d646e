/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nodes of a job, named node-1, node-2, and so on. Thread safe. */
final class Nodes implements AutoCloseable {

    private final Map<String, NodeProcess> running = new HashMap<>();
    private final CountDownLatch ready;

    private Nodes(int count) {
        this.ready = new CountDownLatch(count);
    }

    /**
     * Starts them, and waits until all are ready.
     *
     * @param main the program of a node, which gets the name of the node as its argument
     * @param lines gets each other line that a node prints, on a thread of the node
     */
    static Nodes start(int count, Class<?> main, Properties settings, long timeoutSeconds, Consumer<String> lines)
            throws IOException, InterruptedException {
        Nodes nodes = new Nodes(count);
        try {
            for (int i = 1; i <= count; i++) {
                nodes.start("node-" + i, main, settings, lines);
            }
            if (!nodes.ready.await(timeoutSeconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException(nodes.ready.getCount() + " nodes did not start in time");
            }
        } catch (IOException | InterruptedException | IllegalStateException e) {
            nodes.close();
            throw e;
        }
        return nodes;
    }

    private synchronized void start(String name, Class<?> main, Properties settings, Consumer<String> lines)
            throws IOException {
        running.put(name, NodeProcess.start(main, name, settings, line -> {
            if (line.equals(NodeProcess.READY)) {
                ready.countDown();
            } else {
                lines.accept(line);
            }
        }));
    }

    /** Starts one more, and does not wait until it is ready. */
    void add(String name, Class<?> main, Properties settings, Consumer<String> lines) throws IOException {
        start(name, main, settings, lines);
    }

    /** Lets a node stop, and waits for its end. */
    void stop(String name) throws IOException {
        NodeProcess node = remove(name);
        if (node != null) {
            node.close();
        }
    }

    /** The names of those that are alive. */
    synchronized List<String> names() {
        return running.keySet().stream().sorted().toList();
    }

    /** Says a line to a node. A dead one does not hear it. */
    synchronized void say(String name, String line) {
        NodeProcess node = running.get(name);
        if (node != null) {
            node.say(line);
        }
    }

    /**
     * Kills a node. Returns at once, so that a node's own thread can call it.
     *
     * @param afterwards is run when it is dead and all that it printed is read
     */
    void kill(String name, Runnable afterwards) {
        NodeProcess node = remove(name);
        if (node != null) {
            new Thread(() -> kill(node, afterwards), "kill").start();
        }
    }

    private synchronized @Nullable NodeProcess remove(String name) {
        return running.remove(name);
    }

    private static void kill(NodeProcess node, Runnable afterwards) {
        try {
            node.kill();
            afterwards.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the others stop, and waits for their end. */
    @Override
    public void close() throws IOException {
        for (String name : names()) {
            NodeProcess node = remove(name);
            if (node != null) {
                node.close();
            }
        }
    }
}
