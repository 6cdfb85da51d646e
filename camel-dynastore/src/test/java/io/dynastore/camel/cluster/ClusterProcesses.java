/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Three nodes as processes. The leader is repeatedly killed, or leaves. */
final class ClusterProcesses implements AutoCloseable {

    private static final int NODES = 3;

    private final DynamoDbExtension dynamo;
    private final String table;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> all = new ArrayList<>();
    private final Reigns reigns = new Reigns();
    private final List<Long> afterKill = new ArrayList<>();
    private final List<Long> afterLeave = new ArrayList<>();

    ClusterProcesses(DynamoDbExtension dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** One process, and what it reported. */
    private final class Node {
        final Reigns.Witness witness = reigns.witness("node-" + (all.size() + 1));
        final ChildJvm child;
        volatile boolean ready;

        Node() throws IOException {
            child = ChildJvm.start(dynamo, ClusterNodeMain.class, List.of(table), this::reported);
        }

        private void reported(String line) {
            if (line.equals("ready")) {
                ready = true;
            } else if (line.equals("leads")) {
                witness.leads();
            } else if (line.startsWith("tick ")) {
                witness.tick(Long.parseLong(line.substring("tick ".length())));
            }
        }
    }

    /** The result of a run. */
    record Result(List<String> overlaps, List<Long> afterKill, List<Long> afterLeave) {}

    /** Kills the leader this often, lets it leave a fifth as often, checks, and prints a line. */
    Result run(int rounds) throws IOException, InterruptedException {
        for (int i = 0; i < NODES; i++) {
            start();
        }
        awaitReady();
        for (int i = 0; i < rounds; i++) {
            afterKill.add(round(true));
            if (i % 5 == 4) {
                afterLeave.add(round(false));
            }
        }
        awaitReady();
        for (Node node : nodes) {
            node.child.finish();
        }
        List<String> overlaps = reigns.overlaps();
        System.out.println(String.format(
                Locale.ROOT,
                "cluster: %d nodes, lease 3000 ms, allowance 200 ms; first tick of the next leader after kill -9: %s;"
                        + " after it left: %s; %d reigns, overlapping %s",
                NODES,
                shown(afterKill),
                shown(afterLeave),
                reigns.count(),
                overlaps));
        return new Result(overlaps, afterKill, afterLeave);
    }

    private void start() throws IOException {
        Node node = new Node();
        all.add(node);
        nodes.add(node);
    }

    private void awaitReady() {
        await().until(() -> nodes.stream().allMatch(node -> node.ready));
    }

    /** The time from the leader's end to the first tick of the next leader, in milliseconds. */
    private long round(boolean kill) throws IOException, InterruptedException {
        awaitReady();
        long begin = System.nanoTime();
        await().until(() -> nodes.stream().anyMatch(node -> node.witness.activeSince(begin)));
        Node leader = nodes.stream()
                .filter(node -> node.witness.activeSince(begin))
                .findFirst()
                .orElseThrow();
        nodes.remove(leader);
        long end = System.nanoTime();
        if (kill) {
            leader.child.kill();
        } else {
            leader.child.finish();
        }
        start();
        await().until(() -> nodes.stream().anyMatch(node -> node.witness.activeSince(end)));
        long first = reigns.beginAfter(end).orElseThrow();
        return TimeUnit.NANOSECONDS.toMillis(first - end);
    }

    private static String shown(List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none"
                : "median " + sorted.get(sorted.size() / 2) + " ms, at most " + sorted.get(sorted.size() - 1)
                        + " ms of " + sorted.size();
    }

    private static org.awaitility.core.ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5));
    }

    @Override
    public void close() {
        all.forEach(node -> node.child.close());
    }
}
