/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.WorkLog.Step;
import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.FaultyHttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A node with an aggregator, as a program. It reads {@code group/message} and the number of a delivery from each line,
 * and answers with the outcome and that number. It logs each group that it processes, with its messages and the
 * deliveries that brought them.
 */
final class AggregationWorkerMain {

    static final Duration SKEW = Duration.ofMillis(300);
    static final int SIZE = 20;

    private static final int THREADS = 8;

    /** One group in so many fails at first, and one takes longer than a lease. */
    private static final int FAILING = 20;

    private static final int LONG = 50;

    private final Random dice;
    private final Duration lease;
    private final WorkLog log;
    private final Repository repository;
    private final AtomicLong attempts = new AtomicLong();

    private AggregationWorkerMain(long seed, Duration lease, WorkLog log) {
        this.dice = new Random(seed);
        this.lease = lease;
        this.log = log;
        this.repository = new Repository();
        // Attempts of different processes have different numbers.
        attempts.set(seed * 1_000_000);
    }

    /** An attempt to process a group. */
    private record Attempt(String group, long number) {}

    /** Logs each confirm. */
    private final class Repository extends DynaStoreAggregationRepository {
        final Map<String, Attempt> processed = new ConcurrentHashMap<>();

        @Override
        public boolean confirmWithResult(CamelContext camelContext, String exchangeId) {
            boolean confirmed = super.confirmWithResult(camelContext, exchangeId);
            Attempt attempt = processed.remove(exchangeId);
            if (confirmed && attempt != null) {
                log.write(Step.END, attempt.group(), attempt.number());
            }
            return confirmed;
        }
    }

    /**
     * Works until its standard input ends.
     *
     * @param arguments table, log file, seed, milliseconds of a lease
     */
    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[2]);
        Duration lease = Duration.ofMillis(Long.parseLong(arguments[3]));
        try (FaultyHttpClient http =
                        new FaultyHttpClient(NettyNioAsyncHttpClient.create(), IdempotentWorkerMain.faults(seed));
                DynamoDbAsyncClient client = IdempotentWorkerMain.client(http);
                WorkLog log = new WorkLog(Path.of(arguments[1]))) {
            new AggregationWorkerMain(seed, lease, log).work(arguments[0], client);
        }
        System.exit(0);
    }

    private void work(String table, DynamoDbAsyncClient client) throws Exception {
        repository.setTableName(table);
        repository.setName("groups");
        repository.setDynamoDbAsyncClient(client);
        repository.setInFlightTtl(lease);
        repository.setClockSkew(SKEW);
        repository.setRecoveryInterval(1000);
        DefaultCamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in")
                        .aggregate(header("group"), AggregationWorkerMain::join)
                        .aggregationRepository(repository)
                        .optimisticLocking()
                        .completionPredicate(
                                exchange -> messages(exchange).distinct().count() == SIZE)
                        .process(AggregationWorkerMain.this::process);
            }
        });
        client.listTables().join();
        context.start();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        ProducerTemplate template = context.createProducerTemplate();
        System.out.println("ready");
        ChildJvm.listen(line -> threads.execute(() -> answer(template, line)));
        threads.shutdown();
        context.stop();
    }

    /**
     * A message that a killed node has added before is left out. A delivery that was added twice stays, so that the
     * test finds it.
     */
    private static Exchange join(@Nullable Exchange old, Exchange added) {
        if (old == null) {
            return added;
        }
        String one = added.getMessage().getBody(String.class);
        List<String> all = entries(old).toList();
        boolean redelivered = messages(old).anyMatch(message(one)::equals) && !all.contains(one);
        if (!redelivered) {
            old.getMessage().setBody(old.getMessage().getBody(String.class) + "," + one);
        }
        return old;
    }

    private static Stream<String> entries(Exchange group) {
        return Stream.of(group.getMessage().getBody(String.class).split(",", -1));
    }

    private static Stream<String> messages(Exchange group) {
        return entries(group).map(AggregationWorkerMain::message);
    }

    static String message(String entry) {
        return entry.substring(0, entry.indexOf('#'));
    }

    private void answer(ProducerTemplate template, String line) {
        String[] words = line.split("[ /]", -1);
        Exchange exchange = template.send("direct:in", sent -> {
            sent.getMessage().setHeader("group", words[0]);
            sent.getMessage().setBody(words[1] + "#" + words[2]);
        });
        System.out.println((exchange.isFailed() ? Outcome.FAILED : Outcome.PROCESSED) + " " + words[2]);
    }

    private void process(Exchange exchange) {
        Attempt attempt = new Attempt(
                exchange.getMessage().getHeader("group") + "="
                        + exchange.getMessage().getBody(String.class),
                attempts.incrementAndGet());
        log.write(Step.START, attempt.group(), attempt.number());
        boolean slow = dice.nextInt(LONG) == 0;
        LockSupport.parkNanos((slow ? lease.multipliedBy(3).dividedBy(2) : Duration.ofMillis(5)).toNanos());
        if (dice.nextInt(FAILING) == 0) {
            log.write(Step.FAILED, attempt.group(), attempt.number());
            throw new IllegalStateException("meant to fail");
        }
        repository.processed.put(exchange.getExchangeId(), attempt);
        log.write(Step.DONE, attempt.group(), attempt.number());
    }
}
