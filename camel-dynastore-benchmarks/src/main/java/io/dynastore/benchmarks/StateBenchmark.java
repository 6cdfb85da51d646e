/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.dynastore.test.DynamoDbExtension;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Measures idempotent consumers with this component's repository beside Camel's on JDBC, with the same time added to
 * each round trip. Prints a table.
 *
 * <p>Both engines are in this process and in memory: DynamoDB Local and H2. DynamoDB Local needs far more processor
 * time than a service in another machine would. So there is a third subject, for which a stub in another process
 * responds instead.
 *
 * <p>Settings are system properties: {@code rounds}, {@code seconds} of each measurement, {@code threads}, and
 * {@code delay} of a round trip in milliseconds.
 */
final class StateBenchmark {

    private final int rounds = Integer.getInteger("rounds", 5);
    private final int seconds = Integer.getInteger("seconds", 5);
    private final int threads = Integer.getInteger("threads", 20);
    private final Duration delay = Duration.ofMillis(Integer.getInteger("delay", 5));
    private final Map<String, double[]> rates = new LinkedHashMap<>();
    private final Map<String, Double> trips = new LinkedHashMap<>();
    /** Milliseconds of a processor in this process, for each message. */
    private final Map<String, double[]> processor = new LinkedHashMap<>();

    private StateBenchmark() {}

    public static void main(String[] args) throws Exception {
        new StateBenchmark().run();
        System.exit(0);
    }

    private void run() throws Exception {
        Process stub =
                Benchmarks.start(List.of("-Dio.netty.leakDetection.level=disabled"), "StubEndpoint", List.of("0"));
        DynamoDbExtension dynamo = DynamoDbExtension.create();
        List<StateSubject> subjects = new ArrayList<>();
        try {
            URI fast =
                    URI.create("http://localhost:" + Benchmarks.firstLine(stub).trim());
            subjects.add(StateSubject.jdbc("JdbcMessageIdRepository, H2", threads, delay));
            subjects.add(StateSubject.dynastore(
                    "DynaStoreIdempotentRepository, DynamoDB Local", dynamo.endpoint(), dynamo.table("state"), delay));
            subjects.add(StateSubject.dynastore("DynaStoreIdempotentRepository, stub", fast, "state", delay));
            for (int round = 0; round <= rounds; round++) {
                System.err.println(round == 0 ? "Warming up" : "Round " + round);
                for (StateSubject subject : subjects) {
                    measure(subject, "new", StateSubject::sendNew, round);
                    if (!subject.text().endsWith("stub")) {
                        measure(subject, "duplicates", StateSubject::sendDuplicate, round);
                    }
                }
            }
            print(subjects);
        } finally {
            subjects.forEach(StateSubject::close);
            stub.destroy();
        }
    }

    /** Round 0 is the warm-up. */
    private void measure(StateSubject subject, String kind, Consumer<StateSubject> step, int round)
            throws InterruptedException {
        LongAdder sent = new LongAdder();
        long processed = subject.processed();
        long before = subject.roundTrips();
        long used = processorNanos();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(seconds).toNanos();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread sender = new Thread(() -> {
                while (System.nanoTime() - end < 0) {
                    step.accept(subject);
                    sent.increment();
                }
            });
            senders.add(sender);
            sender.start();
        }
        for (Thread sender : senders) {
            sender.join();
        }
        check(subject, kind, sent.sum(), subject.processed() - processed);
        if (round > 0) {
            String name = kind + "\t" + subject.text();
            double rate = sent.sum() / ((System.nanoTime() - start) / 1e9);
            rates.computeIfAbsent(name, first -> new double[rounds])[round - 1] = rate;
            processor.computeIfAbsent(name, first -> new double[rounds])[round - 1] =
                    (processorNanos() - used) / 1e6 / sent.sum();
            trips.put(name, (double) (subject.roundTrips() - before) / sent.sum());
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** A repository that does something else is not measured. */
    private static void check(StateSubject subject, String kind, long sent, long processed) {
        long expected = kind.equals("new") ? sent : 0;
        if (processed != expected) {
            Outcomes.fail(new IllegalStateException(
                    subject.text() + ", " + kind + ": " + processed + " of " + sent + " were processed"));
        }
    }

    private void print(List<StateSubject> subjects) {
        String peer = subjects.get(0).text();
        System.out.printf(
                Locale.ROOT,
                "%n%d threads, %d ms added to each round trip, %d rounds of %d s, JDK %s%n%n",
                threads,
                delay.toMillis(),
                rounds,
                seconds,
                Runtime.version().feature());
        System.out.println(
                "| messages | repository | round trips each | processor ms each | messages a second | beside JDBC |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        rates.forEach((name, measured) -> {
            String[] parts = name.split("\t", -1);
            double[] peers = rates.getOrDefault(parts[0] + "\t" + peer, measured);
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                ratios[i] = measured[i] / peers[i];
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %s | %s | %s |%n",
                    parts[0],
                    parts[1],
                    trips.getOrDefault(name, 0.0),
                    shown("%.2f", processor.getOrDefault(name, new double[1])),
                    shown("%.0f", measured),
                    shown("%.2f", ratios));
        });
    }

    private static String shown(String format, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                format + " (" + format + " to " + format + ")",
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }
}
