/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes collect the lines of orders with one aggregation repository. While a node packs complete orders, it is
 * killed. The other node packs these orders when their lease is over. Lines that the dead node did not take are sent
 * to the other.
 *
 * <pre>{@code
 * mvn -q -Dexample=OrdersJob
 * }</pre>
 *
 * <p>It runs on AWS as {@link MainJob} does, with a region and a table as properties.
 */
public final class OrdersJob {

    /** The partition key of packed orders. */
    static final String PACKED = "packed";

    private static final int NODES = 2;
    private static final int ORDERS = 20;
    private static final int LINES = 5;
    private static final int KILLED_AT = 3;
    private static final long SEED = 4711;
    private static final long TIMEOUT_SECONDS = 240;

    private final Report report;
    /** The lines that no node has taken yet, and the node to which each was sent. */
    private final Map<String, String> sent = new LinkedHashMap<>();

    private final Map<String, Long> cents = new HashMap<>();
    /** What each node packs at the moment. */
    private final Map<String, Set<String>> packing = new HashMap<>();

    private final Set<String> interrupted = new TreeSet<>();
    private final List<String> packed = new ArrayList<>();
    private volatile @Nullable Nodes nodes;
    private boolean killed;

    private OrdersJob(Report report) {
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
            new OrdersJob(report).run(all);
        }
    }

    private void run(Properties settings) throws Exception {
        Main program = new Main();
        settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith("camel.") || name.startsWith("example."))
                .forEach(name -> program.addOverrideProperty(name, settings.getProperty(name)));
        program.start();
        try {
            // Creates the table.
            packed(program);
            try (Nodes started = Nodes.start(NODES, OrdersNode.class, settings, TIMEOUT_SECONDS, this::reported)) {
                nodes = started;
                List<String> lines = lines();
                report.line("%d lines of %d orders of %s for %d nodes", lines.size(), ORDERS, amount(sum()), NODES);
                send(started, lines);
                await();
            }
            check(packed(program));
        } finally {
            program.stop();
        }
    }

    /** The lines of all orders, shuffled, so that those of one order come to both nodes. */
    private List<String> lines() {
        Random random = new Random(SEED);
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= ORDERS; i++) {
            String order = String.format(Locale.ROOT, "order-%02d", i);
            for (int line = 1; line <= LINES; line++) {
                long amount = 100L + random.nextInt(10_000);
                lines.add(order + "," + LINES + "," + line + "," + amount);
                cents.merge(order, amount, Long::sum);
            }
        }
        Collections.shuffle(lines, random);
        return lines;
    }

    /** Sends them to the nodes that are alive, in turn. */
    private synchronized void send(Nodes all, Collection<String> lines) {
        List<String> names = all.names();
        int next = 0;
        for (String line : lines) {
            String name = names.get(next++ % names.size());
            sent.put(line, name);
            all.say(name, line);
        }
    }

    private synchronized void reported(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[0].startsWith("node-")) {
            report.line("%s", line);
            return;
        }
        Set<String> own = packing.computeIfAbsent(words[0], first -> new TreeSet<>());
        switch (words[1]) {
            case "took" -> sent.remove(words[2]);
            case "packs" -> {
                own.add(words[2]);
                if (interrupted.contains(words[2])) {
                    report.line("%s packs %s, which the other had begun", words[0], words[2]);
                }
                killAtThird(words[0], own.size());
            }
            case "packed" -> {
                own.remove(words[2]);
                packed.add(words[2]);
                notifyAll();
            }
            default -> report.line("%s", line);
        }
    }

    private void killAtThird(String name, int begun) {
        Nodes all = nodes;
        if (all != null && !killed && begun >= KILLED_AT) {
            killed = true;
            all.kill(name, () -> died(all, name));
        }
    }

    private synchronized void died(Nodes all, String name) {
        interrupted.addAll(packing.getOrDefault(name, Set.of()));
        List<String> again = sent.entrySet().stream()
                .filter(line -> line.getValue().equals(name))
                .map(Map.Entry::getKey)
                .toList();
        report.line(
                "%s was killed while it packed %s; %d lines are sent again",
                name, String.join(", ", interrupted), again.size());
        send(all, again);
    }

    private synchronized void await() throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT_SECONDS * 1_000_000_000;
        while (Set.copyOf(packed).size() < ORDERS) {
            long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                throw new IllegalStateException(Set.copyOf(packed).size() + " orders were packed in time");
            }
            wait(1 + rest / 1_000_000);
        }
    }

    private synchronized void check(Item[] items) {
        long total = 0;
        boolean complete = items.length == ORDERS;
        for (Item item : items) {
            Map<?, ?> lines = item.payload() instanceof Map<?, ?> map ? map : Map.of();
            long amount = lines.values().stream()
                    .mapToLong(value -> value instanceof Number number ? number.longValue() : 0)
                    .sum();
            complete &= lines.size() == LINES && cents.getOrDefault(item.key().sortKey(), 0L) == amount;
            total += amount;
        }
        report.check(!interrupted.isEmpty(), "a node was killed while it packed orders");
        report.check(packed.size() == ORDERS, "each order is packed once");
        report.check(Set.copyOf(packed).size() == ORDERS, "no order is left out");
        report.check(complete, "each order has each of its lines once");
        report.check(total == sum(), "the amounts add up");
        if (report.failures().isEmpty()) {
            report.line(
                    "%d orders of %s packed once each. All %d checks passed in %.1f s",
                    items.length, amount(total), report.checks(), report.seconds());
        }
    }

    private long sum() {
        return cents.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Item[] packed(Main program) throws Exception {
        DefaultExchange exchange = new DefaultExchange(program.getCamelContext());
        exchange.getMessage().setHeader(DynaStoreConstants.PARTITION_KEY, PACKED);
        program.getCamelTemplate().send("dynastore:{{example.table}}?operation=list&limit=1000", exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange.getMessage().getBody(Item[].class);
    }

    private static String amount(long cents) {
        return String.format(Locale.ROOT, "%,.2f", cents / 100.0);
    }
}
