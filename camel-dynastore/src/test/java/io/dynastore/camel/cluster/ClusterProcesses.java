/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.cluster;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Three nodes as processes, of which the one that leads is killed, or leaves, again and again. */
final class ClusterProcesses implements AutoCloseable {

    private static final int NODES = 3;

    private final DynamoDbExtension dynamo;
    private final String table;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> all = new ArrayList<>();
    private final List<Long> afterKill = new ArrayList<>();
    private final List<Long> afterLeave = new ArrayList<>();

    ClusterProcesses(DynamoDbExtension dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** A stretch of one node's leadership: the first and the last tick of its route, by the clock that all share. */
    private static final class Reign {
        final String node;
        volatile long first;
        volatile long last;

        Reign(String node, long first) {
            this.node = node;
            this.first = first;
            this.last = first;
        }

        boolean overlaps(Reign later) {
            return later.first - last <= 0;
        }

        @Override
        public String toString() {
            return node + " from " + first + " to " + last;
        }
    }

    /** One process, and what it told. */
    private final class Node {
        final String name = "node-" + (all.size() + 1);
        final Queue<Reign> reigns = new ConcurrentLinkedQueue<>();
        final ChildJvm child;
        volatile boolean ready;
        private volatile boolean fresh = true;
        private volatile long lastTick;
        private volatile boolean ticked;
        private Reign reign = new Reign(name, 0);

        Node() throws IOException {
            child = ChildJvm.start(dynamo, ClusterNodeMain.class, List.of(table), this::told);
        }

        private void told(String line) {
            if (line.equals("ready")) {
                ready = true;
            } else if (line.equals("leads")) {
                fresh = true;
            } else if (line.startsWith("tick ")) {
                tick(Long.parseLong(line.substring("tick ".length())));
            }
        }

        private void tick(long now) {
            if (fresh) {
                fresh = false;
                reign = new Reign(name, now);
                reigns.add(reign);
            }
            reign.last = now;
            lastTick = now;
            ticked = true;
        }

        boolean activeSince(long moment) {
            return ticked && lastTick - moment > 0;
        }
    }

    /** What came of a run. */
    record Result(List<String> overlaps, List<Long> afterKill, List<Long> afterLeave) {}

    /** Kills the leader as often, has it leave a fifth as often, checks, and prints a line. */
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
        List<String> overlaps = overlaps();
        System.out.println(String.format(
                Locale.ROOT,
                "cluster: %d nodes, lease 3000 ms, allowance 200 ms; first tick of the next leader after kill -9: %s; after it left: %s;"
                        + " %d reigns, overlapping %s",
                NODES,
                shown(afterKill),
                shown(afterLeave),
                all.stream().mapToInt(node -> node.reigns.size()).sum(),
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

    /** Milliseconds from the leader's end to the first tick of the next. */
    private long round(boolean kill) throws IOException, InterruptedException {
        awaitReady();
        long begin = System.nanoTime();
        await().until(() -> nodes.stream().anyMatch(node -> node.activeSince(begin)));
        Node leader = nodes.stream()
                .filter(node -> node.activeSince(begin))
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
        await().until(() -> nodes.stream().anyMatch(node -> node.activeSince(end)));
        long first = nodes.stream()
                .flatMap(node -> node.reigns.stream())
                .mapToLong(reign -> reign.first)
                .filter(time -> time - end > 0)
                .min()
                .orElseThrow();
        return TimeUnit.NANOSECONDS.toMillis(first - end);
    }

    private List<String> overlaps() {
        List<Reign> reigns = all.stream()
                .flatMap(node -> node.reigns.stream())
                .sorted(Comparator.comparingLong(reign -> reign.first))
                .toList();
        List<String> overlaps = new ArrayList<>();
        Reign latest = null;
        for (Reign reign : reigns) {
            if (latest != null && latest.overlaps(reign)) {
                overlaps.add(latest + " and " + reign);
            }
            latest = latest == null || reign.last - latest.last > 0 ? reign : latest;
        }
        return overlaps;
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
