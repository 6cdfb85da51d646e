/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes import files from one folder, each file once. In the middle of a file, its node is killed. Another node
 * imports that file when the lease of its name is over.
 *
 * <pre>{@code
 * mvn -q -Dexample=FilesJob
 * }</pre>
 *
 * <p>It runs on AWS as {@link MainJob} does, with a region and a table as properties.
 */
public final class FilesJob {

    /** The order at which a node reports that it is in the middle of a large file. */
    static final int MIDDLE = 50;

    private static final int NODES = 3;
    private static final int FILES = 12;
    private static final int ORDERS = 20;
    private static final int ORDERS_OF_LARGE_FILE = 150;
    private static final long SEED = 4711;
    private static final long TIMEOUT_SECONDS = 240;

    private final Report report;
    private final List<String> imported = new ArrayList<>();
    private volatile @Nullable Nodes nodes;
    private String interrupted = "";
    private long cents;
    private int orders;

    private FilesJob(Report report) {
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
        Path folder = Files.createTempDirectory("files-job");
        try (EmbeddedDynamoDb dynamo = embedded ? EmbeddedDynamoDb.start() : null) {
            Properties all = new Properties();
            settings.stringPropertyNames().forEach(name -> all.setProperty(name, settings.getProperty(name)));
            if (dynamo != null) {
                dynamo.settings().forEach(all::setProperty);
            }
            all.setProperty("example.folder", folder.toString());
            new FilesJob(report).run(all, folder);
        } finally {
            delete(folder);
        }
    }

    private void run(Properties settings, Path folder) throws Exception {
        Main program = program(settings);
        program.start();
        try {
            // Creates the table.
            total(program, "nothing");
            try (Nodes started = Nodes.start(NODES, FilesNode.class, settings, TIMEOUT_SECONDS, this::reported)) {
                nodes = started;
                write(folder);
                report.line("Wrote %d files with %d orders of %s for %d nodes", FILES, orders, amount(cents), NODES);
                await(folder);
            }
            check(program, folder);
        } finally {
            program.stop();
        }
    }

    private static Main program(Properties settings) {
        Main program = new Main();
        settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith("camel.") || name.startsWith("example."))
                .forEach(name -> program.addOverrideProperty(name, settings.getProperty(name)));
        return program;
    }

    private void write(Path folder) throws IOException {
        Random random = new Random(SEED);
        for (int file = 1; file <= FILES; file++) {
            List<String> lines = new ArrayList<>();
            int size = file == FILES / 2 ? ORDERS_OF_LARGE_FILE : ORDERS;
            for (int order = 1; order <= size; order++) {
                int amount = 100 + random.nextInt(10_000);
                lines.add(order + "," + amount);
                cents += amount;
                orders++;
            }
            Files.write(folder.resolve(name(file)), lines);
        }
    }

    private static String name(int file) {
        return String.format(Locale.ROOT, "orders-%02d.csv", file);
    }

    private synchronized void reported(String line) {
        String[] words = line.split(" ", -1);
        Nodes started = nodes;
        if (words.length != 3 || !words[0].startsWith("node-")) {
            report.line("%s", line);
        } else if (words[1].equals("imported")) {
            imported.add(words[2]);
            report.line("%s imported %s", words[0], words[2]);
        } else if (words[1].equals("is-within") && interrupted.isEmpty() && started != null) {
            interrupted = words[2];
            started.kill(words[0], () -> report.line("%s was killed in the middle of %s", words[0], words[2]));
        } else if (words[1].equals("begins") && words[2].equals(interrupted)) {
            report.line("%s begins %s again", words[0], words[2]);
        }
    }

    private static void await(Path folder) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT_SECONDS * 1_000_000_000;
        while (files(folder) > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(files(folder) + " files were not imported in time");
            }
            Thread.sleep(100);
        }
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private void check(Main program, Path folder) throws Exception {
        long found = 0;
        int items = 0;
        for (int file = 1; file <= FILES; file++) {
            Total total = total(program, name(file));
            found += total.cents();
            items += total.orders();
        }
        report.check(!interrupted.isEmpty(), "a node was killed in the middle of a file");
        report.check(imported.size() == FILES, "each file is imported once");
        report.check(imported.stream().distinct().count() == FILES, "no file is left out");
        report.check(items == orders && found == cents, "the table has each order once");
        report.check(files(folder.resolve(".done")) == FILES, "each file is moved away");
        if (report.failures().isEmpty()) {
            report.line(
                    "%d files imported once each, %d orders of %s in the table. All %d checks passed in %.1f s",
                    imported.size(), items, amount(found), report.checks(), report.seconds());
        }
    }

    /** The orders of a file in the table. */
    private record Total(int orders, long cents) {}

    private static Total total(Main program, String file) throws Exception {
        DefaultExchange exchange = new DefaultExchange(program.getCamelContext());
        exchange.getMessage().setHeader(DynaStoreConstants.PARTITION_KEY, file);
        program.getCamelTemplate().send("dynastore:{{example.table}}?operation=list&limit=1000", exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        Item[] items = exchange.getMessage().getBody(Item[].class);
        return new Total(
                items.length,
                Stream.of(items).mapToLong(item -> cents(item.payload())).sum());
    }

    private static long cents(@Nullable Object payload) {
        return payload instanceof Map<?, ?> order && order.get("cents") instanceof Number amount
                ? amount.longValue()
                : 0;
    }

    private static String amount(long cents) {
        return String.format(Locale.ROOT, "%,.2f", cents / 100.0);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
