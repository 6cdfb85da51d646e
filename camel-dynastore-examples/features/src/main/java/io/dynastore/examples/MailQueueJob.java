/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.examples;

import io.dynastore.camel.DynaStoreComponent;
import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.camel.TableConnection;
import io.dynastore.queue.DynaStoreQueue;
import io.dynastore.queue.QueueCount;
import io.dynastore.queue.QueuedItem;
import io.dynastore.store.ClaimIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes send the mails of a queue. Some mails are due later, some fail at first and are retried, one fails always,
 * and one has no address. While a node sends, it is killed, and the other node sends its mails.
 *
 * <pre>{@code
 * mvn -q -Dexample=MailQueueJob
 * }</pre>
 *
 * <p>It runs on AWS as {@link MainJob} does, with a region and a table as properties.
 */
public final class MailQueueJob {

    /** The partition key of mails. */
    static final String MAILS = "mails";

    /** The partition key of mails that were given up. */
    static final String DEAD = "mails-dead";

    private static final int NODES = 2;
    private static final int PLAIN = 40;
    private static final int DELAYED = 10;
    private static final int BUSY = 10;
    private static final int KILLED_AT = 12;
    private static final int GIVEN_UP = 2;
    private static final int ALL = PLAIN + DELAYED + BUSY + GIVEN_UP;
    private static final Duration DELAY = Duration.ofSeconds(4);
    private static final long TIMEOUT_SECONDS = 240;

    private final Report report;
    /** What each node sends at the moment. */
    private final Map<String, Set<String>> sending = new HashMap<>();

    /** The nodes that have sent each mail. */
    private final Map<String, List<String>> sent = new TreeMap<>();

    private final Set<String> interrupted = new TreeSet<>();
    private final Set<String> early = new HashSet<>();
    private int failures;
    private int takenOver;
    private long delayedUntil;
    private volatile @Nullable Nodes nodes;
    private @Nullable String killed;

    private MailQueueJob(Report report) {
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
            new MailQueueJob(report).run(all);
        }
    }

    private void run(Properties settings) throws Exception {
        Main program = new Main();
        settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith("camel.") || name.startsWith("example."))
                .forEach(name -> program.addOverrideProperty(name, settings.getProperty(name)));
        program.start();
        try {
            // Creates the table with its index.
            write(program);
            DynaStoreQueue queue = queue(program);
            report.line(
                    "%d mails for %d nodes: %d are due in %d s, %d fail twice",
                    ALL, NODES, DELAYED, DELAY.toSeconds(), BUSY);
            try (Nodes started = Nodes.start(NODES, MailQueueNode.class, settings, TIMEOUT_SECONDS, this::reported)) {
                nodes = started;
                await(queue);
            }
            check(queue);
        } finally {
            program.stop();
        }
    }

    private void write(Main program) throws Exception {
        for (int number = 1; number <= ALL; number++) {
            String name = String.format(Locale.ROOT, "mail-%02d", number);
            Map<String, Object> mail = new HashMap<>(Map.of("to", "reader-" + number + "@example.org"));
            Map<String, Object> headers = new HashMap<>(Map.of(DynaStoreConstants.SORT_KEY, name));
            if (number > PLAIN && number <= PLAIN + DELAYED) {
                delayedUntil = delayedUntil == 0 ? System.currentTimeMillis() + DELAY.toMillis() : delayedUntil;
                headers.put(DynaStoreConstants.DELIVER_AFTER, DELAY);
            } else if (number > PLAIN + DELAYED && number <= ALL - GIVEN_UP) {
                mail.put("failures", 2);
            } else if (number == ALL - 1) {
                mail.put("failures", Integer.MAX_VALUE);
            } else if (number == ALL) {
                mail.put("to", "");
            }
            program.getCamelTemplate()
                    .sendBodyAndHeaders(
                            "dynastore:{{example.table}}?operation=create&claimIndex=due&partitionKey=" + MAILS,
                            mail,
                            headers);
        }
    }

    private static DynaStoreQueue queue(Main program) {
        String table = program.getCamelContext().resolvePropertyPlaceholders("{{example.table}}");
        TableConnection connection = program.getCamelContext()
                .getComponent("dynastore", DynaStoreComponent.class)
                .access(table, null);
        return DynaStoreQueue.builder(connection.client(), connection.schema(), MAILS)
                .deadPartition(DEAD)
                .claimIndex(new ClaimIndex("due", 8))
                .build();
    }

    private synchronized void reported(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4 || !words[0].startsWith("node-")) {
            report.line("%s", line);
            return;
        }
        Set<String> own = sending.computeIfAbsent(words[0], first -> new TreeSet<>());
        String mail = words[2];
        if (words[1].equals("sends")) {
            begins(words[0], mail, Long.parseLong(words[3]), own);
        } else {
            own.remove(mail);
            sent.computeIfAbsent(mail, first -> new ArrayList<>()).add(words[0]);
        }
    }

    private void begins(String node, String mail, long delivery, Set<String> own) {
        boolean continued = interrupted.contains(mail) && !own.contains(mail);
        if (continued) {
            takenOver++;
            report.line("%s sends %s, which the other had begun: delivery %d", node, mail, delivery);
        } else if (delivery > 1) {
            failures++;
        }
        int number = Integer.parseInt(mail.substring(mail.length() - 2));
        if (number > PLAIN && number <= PLAIN + DELAYED && System.currentTimeMillis() < delayedUntil) {
            early.add(mail);
        }
        own.add(mail);
        Nodes all = nodes;
        if (all != null && killed == null && own.size() > 1 && sent.size() >= KILLED_AT) {
            killed = node;
            all.kill(node, () -> died(node));
        }
    }

    private synchronized void died(String name) {
        interrupted.addAll(sending.getOrDefault(name, Set.of()));
        report.line("%s was killed while it sent %s", name, String.join(", ", interrupted));
    }

    /** Shows the progress until the queue is empty. */
    private void await(DynaStoreQueue queue) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT_SECONDS * 1_000_000_000;
        while (true) {
            QueueCount count = queue.count(1000).join();
            report.line(
                    "  ... %d sent, %d due, %d delayed, %d in flight, %d given up",
                    sentMails(), count.due(), count.delayed(), count.inFlight(), count.dead());
            if (count.due() + count.delayed() + count.inFlight() == 0) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(count.dead() + sentMails() + " mails were done in time");
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private synchronized int sentMails() {
        return sent.size();
    }

    private synchronized void check(DynaStoreQueue queue) {
        List<QueuedItem> dead = queue.dead(Map.of(), 100).join().items();
        dead.forEach(mail -> report.line("%s was given up: %s", mail.key().sortKey(), mail.reason()));
        List<List<String>> twice =
                sent.values().stream().filter(senders -> senders.size() > 1).toList();
        report.check(
                killed != null && takenOver > 0, "a node was killed while it sent, and the other took its mails over");
        report.check(sent.size() + dead.size() == ALL, "each mail is sent or given up");
        report.check(dead.size() == GIVEN_UP, "the mails that can't be sent are given up");
        report.check(
                twice.stream().allMatch(senders -> senders.contains(killed)),
                "no mail is sent twice, except for mails that the killed node has sent at last");
        report.check(early.isEmpty(), "no delayed mail is sent before it is due");
        report.check(failures >= 2 * BUSY, "busy mails are retried");
        if (report.failures().isEmpty()) {
            report.line(
                    "%d mails sent, %d given up, %d retries, %d taken over. All %d checks passed in %.1f s",
                    sent.size(), dead.size(), failures, takenOver, report.checks(), report.seconds());
        }
    }
}
