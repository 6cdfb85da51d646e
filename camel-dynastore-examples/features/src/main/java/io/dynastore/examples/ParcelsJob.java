/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.main.Main;

/**
 * Three nodes share twelve lanes of parcels as a consumer group. One node is killed, one stops, and one joins. The
 * output shows who reads which lanes. The parcels of each lane are read in order, and none is left out.
 *
 * <pre>{@code
 * mvn -q -Dexample=ParcelsJob
 * }</pre>
 *
 * <p>It runs on AWS as {@link MainJob} does, with a region and a table as properties.
 */
public final class ParcelsJob {

    /** The partition keys, separated by commas. */
    static final String LANES = IntStream.rangeClosed(1, 12)
            .mapToObj(number -> String.format(Locale.ROOT, "lane-%02d", number))
            .collect(Collectors.joining(","));

    private static final int LANE_COUNT = 12;
    private static final int PARCELS = 240;
    private static final int PAGE = 5;
    private static final int NODES = 3;
    private static final long TIMEOUT_SECONDS = 240;

    private final Report report;
    /** The parcels of each lane, in the order in which they were read. */
    private final Map<String, List<String>> read = new TreeMap<>();
    /** The node that read a parcel of each lane last. */
    private final Map<String, String> readers = new TreeMap<>();

    private int total;
    private int beforeStop;

    private ParcelsJob(Report report) {
        this.report = report;
    }

    public static void main(String[] args) {
        Report report = new Report();
        int status = 1;
        try {
            run(System.getProperties(), report);
            status = report.failures().isEmpty() ? 0 : 1;
        } catch (Exception e) {
            report.line("FAILED: %s", e);
        }
        System.exit(status);
    }

    /**
     * Runs the job.
     *
     * @param settings as for {@link MainJob}
     * @param report receives the results of the checks
     */
    static void run(Properties settings, Report report) throws Exception {
        boolean embedded = settings.getProperty("camel.component.dynastore.region") == null;
        try (EmbeddedDynamoDb dynamo = embedded ? EmbeddedDynamoDb.start() : null) {
            Properties all = new Properties();
            settings.stringPropertyNames().forEach(name -> all.setProperty(name, settings.getProperty(name)));
            if (dynamo != null) {
                dynamo.settings().forEach(all::setProperty);
            }
            new ParcelsJob(report).run(all);
        }
    }

    private void run(Properties settings) throws Exception {
        Main program = new Main();
        settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith("camel.") || name.startsWith("example."))
                .forEach(name -> program.addOverrideProperty(name, settings.getProperty(name)));
        program.start();
        try {
            store(program);
        } finally {
            program.stop();
        }
        report.line("%d parcels in %d lanes for %d nodes", PARCELS * LANE_COUNT, LANE_COUNT, NODES);
        try (Nodes nodes = Nodes.start(NODES, ParcelsNode.class, settings, TIMEOUT_SECONDS, this::reported)) {
            await(1, 4);
            show("three nodes");
            nodes.kill("node-1", () -> report.line("node-1 was killed"));
            await(2, 4);
            show("after the kill");
            nodes.add("node-4", ParcelsNode.class, settings, this::reported);
            await(3, 4);
            show("after a start");
            stop(nodes);
            await(4, 4);
            show("after a stop");
        }
        check();
    }

    private static void store(Main program) throws Exception {
        for (String lane : LANES.split(",", -1)) {
            for (int number = 1; number <= PARCELS; number++) {
                program.getCamelTemplate()
                        .sendBodyAndHeaders(
                                "dynastore:{{example.table}}?operation=put",
                                "parcel",
                                Map.of(
                                        DynaStoreConstants.PARTITION_KEY,
                                        lane,
                                        DynaStoreConstants.SORT_KEY,
                                        String.format(Locale.ROOT, "%04d", number)));
            }
        }
    }

    private void stop(Nodes nodes) throws Exception {
        synchronized (this) {
            beforeStop = total - distinct();
        }
        nodes.stop("node-2");
        report.line("node-2 has stopped");
    }

    private synchronized void reported(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[0].startsWith("node-")) {
            report.line("%s", line);
            return;
        }
        read.computeIfAbsent(words[1], first -> new ArrayList<>()).add(words[2]);
        readers.put(words[1], words[0]);
        total++;
        notifyAll();
    }

    private int distinct() {
        return read.values().stream().mapToInt(lane -> Set.copyOf(lane).size()).sum();
    }

    /** Waits until this share of the parcels is read. */
    private synchronized void await(int share, int of) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT_SECONDS * 1_000_000_000;
        while (distinct() < PARCELS * LANE_COUNT * share / of) {
            long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                throw new IllegalStateException(distinct() + " parcels were read in time");
            }
            wait(1 + rest / 1_000_000);
        }
    }

    private synchronized void show(String when) {
        Map<String, Set<String>> lanes = new TreeMap<>();
        readers.forEach((lane, node) ->
                lanes.computeIfAbsent(node, first -> new TreeSet<>()).add(lane.substring("lane-".length())));
        report.line("%-15s %s", when, lanes);
    }

    private synchronized void check() {
        int repeatedByStop = total - distinct() - beforeStop;
        boolean ordered = true;
        for (List<String> lane : read.values()) {
            List<String> first = List.copyOf(new LinkedHashSet<>(lane));
            ordered &= first.equals(first.stream().sorted().toList());
        }
        report.check(distinct() == PARCELS * LANE_COUNT, "no parcel is left out");
        report.check(ordered, "the parcels of each lane are read in order");
        report.check(total - distinct() <= LANE_COUNT * PAGE, "at most a page of each lane is repeated after the kill");
        report.check(repeatedByStop == 0, "no parcel is repeated after the stop");
        if (report.failures().isEmpty()) {
            report.line(
                    "%d parcels in order, %d repeated after the kill, none after the stop. All %d checks passed in"
                            + " %.1f s",
                    distinct(), total - distinct(), report.checks(), report.seconds());
        }
    }
}
