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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Measures idempotent consumers and aggregators with this component's repositories beside Camel's on JDBC, with the
 * same time added to each round trip. Prints a table.
 *
 * <p>H2 is in this process and in memory. A stub in another process responds in place of DynamoDB, since DynamoDB
 * Local needs far more processor time than a service in another machine would. The stub keeps items, and finds each
 * condition true: no two threads use the same key. With {@code -Dlocal=true}, DynamoDB Local is measured too.
 *
 * <p>Settings are system properties: {@code rounds}, {@code seconds} of each measurement, {@code warmup} in seconds,
 * {@code threads}, and {@code delay} of a round trip in milliseconds.
 */
final class StateBenchmark {

    private static final String NEW = "new";
    private static final String DUPLICATE = "duplicate";
    private static final String AGGREGATED = "aggregated";

    private final int rounds = Integer.getInteger("rounds", 5);
    private final int seconds = Integer.getInteger("seconds", 5);
    private final int warmup = Integer.getInteger("warmup", 20);
    private final boolean local = Boolean.getBoolean("local");
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
        List<Measured> subjects = new ArrayList<>();
        try {
            URI fast =
                    URI.create("http://localhost:" + Benchmarks.firstLine(stub).trim());
            addJdbc(subjects);
            addDynaStore(subjects, "stub", fast, "state");
            if (local) {
                DynamoDbExtension dynamo = DynamoDbExtension.create();
                addDynaStore(subjects, "DynamoDB Local", dynamo.endpoint(), dynamo.table("state"));
            }
            for (int round = 0; round <= rounds; round++) {
                System.err.println(round == 0 ? "Warming up" : "Round " + round);
                for (Measured measured : subjects) {
                    measure(measured, round);
                }
            }
            print();
        } finally {
            subjects.forEach(measured -> measured.subject().close());
            stub.destroy();
        }
    }

    /** A subject, and what it is measured at. The peer is the first of a kind. */
    private record Measured(StateSubject subject, String kind) {

        String name() {
            return kind + "\t" + subject.text();
        }
    }

    private void addJdbc(List<Measured> subjects) throws Exception {
        RoundTrips trips = new RoundTrips();
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:state;DB_CLOSE_DELAY=-1", "sa", "");
        pool.setMaxConnections(threads);
        DataSource source = DelayedDataSource.of(pool, delay, trips);
        StateSubject idempotent = IdempotentSubject.jdbc("JdbcMessageIdRepository, H2", source, trips);
        subjects.add(new Measured(idempotent, NEW));
        subjects.add(new Measured(idempotent, DUPLICATE));
        subjects.add(new Measured(
                AggregationSubject.jdbc("JdbcAggregationRepository, H2", pool, source, trips), AGGREGATED));
    }

    private void addDynaStore(List<Measured> subjects, String engine, URI endpoint, String table) throws Exception {
        RoundTrips trips = new RoundTrips();
        DynamoDbAsyncClient client = DynamoDbExtension.clientBuilder(endpoint)
                .httpClient(new DelayedHttp(SdkClients.crt().build(), delay, trips))
                .build();
        StateSubject idempotent =
                IdempotentSubject.dynastore("DynaStoreIdempotentRepository, " + engine, client, table, trips);
        subjects.add(new Measured(idempotent, NEW));
        subjects.add(new Measured(idempotent, DUPLICATE));
        subjects.add(new Measured(
                AggregationSubject.dynastore("DynaStoreAggregationRepository, " + engine, client, table, trips),
                AGGREGATED));
    }

    /** Round 0 is the warm-up. */
    private void measure(Measured measured, int round) throws InterruptedException {
        StateSubject subject = measured.subject();
        Consumer<StateSubject> step =
                measured.kind().equals(DUPLICATE) ? StateSubject::sendDuplicate : StateSubject::sendNew;
        LongAdder sent = new LongAdder();
        long processed = subject.processed();
        long before = subject.roundTrips();
        long used = processorNanos();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(round == 0 ? warmup : seconds).toNanos();
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
        long took = System.nanoTime() - start;
        long cpu = processorNanos() - used;
        long made = subject.roundTrips() - before;
        check(measured, sent.sum(), processed);
        if (round > 0) {
            String name = measured.name();
            double rate = sent.sum() / (took / 1e9);
            rates.computeIfAbsent(name, first -> new double[rounds])[round - 1] = rate;
            processor.computeIfAbsent(name, first -> new double[rounds])[round - 1] = cpu / 1e6 / sent.sum();
            trips.put(name, (double) made / sent.sum());
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** A repository that does something else is not measured. An aggregator processes groups in the background. */
    private void check(Measured measured, long sent, long before) {
        long most = measured.kind().equals(DUPLICATE) ? 0 : sent;
        long least = most - measured.subject().pending(threads);
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (measured.subject().processed() - before < least && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        long processed = measured.subject().processed() - before;
        if (processed < least || processed > most + measured.subject().pending(threads)) {
            Outcomes.fail(
                    new IllegalStateException(measured.name() + ": " + processed + " of " + sent + " were processed"));
        }
    }

    private void print() {
        Map<String, double[]> peers = new LinkedHashMap<>();
        rates.forEach((name, measured) -> peers.putIfAbsent(name.split("\t", -1)[0], measured));
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
            double[] peer = peers.getOrDefault(parts[0], measured);
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                ratios[i] = measured[i] / peer[i];
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
