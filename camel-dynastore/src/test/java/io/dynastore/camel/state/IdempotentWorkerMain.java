/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.WorkLog.Step;
import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.Fault;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A node with an idempotent consumer, as a program. It reads a key and the number of a delivery from each line, and
 * answers with the outcome and that number. Its network loses, repeats and delays requests.
 */
final class IdempotentWorkerMain {

    static final Duration SKEW = Duration.ofMillis(300);

    private static final int THREADS = 8;
    private static final int WARM_UPS = 20;

    /** One message in so many fails at first, and one takes longer than a lease. */
    private static final int FAILING = 100;

    private static final int LONG = 500;

    private final DynamoDbAsyncClient client;
    private final long seed;
    private final Duration lease;
    private final WorkLog log;
    private final Repository repository;
    private final DefaultCamelContext context = new DefaultCamelContext();

    private IdempotentWorkerMain(
            long seed, Duration lease, WorkLog log, Repository repository, DynamoDbAsyncClient client) {
        this.client = client;
        this.seed = seed;
        this.lease = lease;
        this.log = log;
        this.repository = repository;
    }

    /** Notes what each confirm returned. */
    private static class Repository extends DynaStoreIdempotentRepository {
        final Map<String, Boolean> confirmed = new ConcurrentHashMap<>();

        @Override
        public boolean confirm(Exchange exchange, String key) {
            boolean done = super.confirm(exchange, key);
            confirmed.put(exchange.getExchangeId(), done);
            return done;
        }
    }

    /** Asks first and does not add then: the fault of others by which a test shows that it finds it. */
    private static final class CheckThenPut extends Repository {
        @Override
        public boolean add(Exchange exchange, String key) {
            return !contains(key);
        }

        @Override
        public boolean confirm(Exchange exchange, String key) {
            confirmed.put(exchange.getExchangeId(), true);
            return super.add(key);
        }
    }

    /** Has leases that don't end within the test. */
    private static final class WithoutLease extends Repository {
        @Override
        public void setInFlightTtl(Duration inFlightTtl) {
            super.setInFlightTtl(Duration.ofHours(1));
        }
    }

    /** Which repository the nodes have. */
    enum Kind {
        HONEST,
        CHECK_THEN_PUT,
        WITHOUT_LEASE;

        private Repository create() {
            return switch (this) {
                case HONEST -> new Repository();
                case CHECK_THEN_PUT -> new CheckThenPut();
                case WITHOUT_LEASE -> new WithoutLease();
            };
        }
    }

    /**
     * Works until its standard input ends.
     *
     * @param arguments table, log file, seed, kind of repository, seconds of a lease
     */
    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[2]);
        Repository repository = Kind.valueOf(arguments[3]).create();
        Duration lease = Duration.ofSeconds(Long.parseLong(arguments[4]));
        repository.setInFlightTtl(lease);
        try (FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), faults(seed));
                DynamoDbAsyncClient client = client(http, new ExecutionInterceptor() {});
                WorkLog log = new WorkLog(Path.of(arguments[1]))) {
            repository.setTableName(arguments[0]);
            repository.setName("orders");
            repository.setDynamoDbAsyncClient(client);
            repository.setClockSkew(SKEW);
            new IdempotentWorkerMain(seed, lease, log, repository, client).work();
        }
        System.exit(0);
    }

    static FaultPlan faults(long seed) {
        return FaultPlan.seeded(seed)
                .with(Fault.LOSE_RESPONSE, 0.03)
                .with(Fault.DUPLICATE, 0.03)
                .with(Fault.ARRIVE_LATE, 0.02)
                .with(Fault.DROP, 0.01)
                .with(Fault.THROTTLE, 0.01)
                .with(Fault.ERROR_500_APPLIED, 0.01)
                .withDelaysUpTo(Duration.ofSeconds(1))
                .only("UpdateItem", "DeleteItem");
    }

    static DynamoDbAsyncClient client(FaultyHttpClient http, ExecutionInterceptor tampering) {
        BackoffStrategy soon = BackoffStrategy.exponentialDelay(Duration.ofMillis(5), Duration.ofMillis(20));
        return DynamoDbExtension.create()
                .clientBuilder()
                .httpClient(http)
                .overrideConfiguration(override -> override.addExecutionInterceptor(tampering)
                        .retryStrategy(retry ->
                                retry.maxAttempts(4).backoffStrategy(soon).throttlingBackoffStrategy(soon)))
                .build();
    }

    private void work() throws Exception {
        context.addService(repository);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in")
                        .idempotentConsumer(header("key"))
                        .idempotentRepository(repository)
                        .process(IdempotentWorkerMain.this::process);
            }
        });
        // The first request of a process takes long.
        client.listTables().join();
        context.start();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        ProducerTemplate template = context.createProducerTemplate();
        for (int i = 0; i < WARM_UPS; i++) {
            client.listTables().join();
        }
        System.out.println("ready");
        ChildJvm.listen(line -> threads.execute(() -> answer(template, line)));
        threads.shutdown();
        context.stop();
    }

    private void answer(ProducerTemplate template, String line) {
        String key = line.substring(0, line.indexOf(' '));
        long delivery = Long.parseLong(line.substring(line.indexOf(' ') + 1));
        Exchange exchange = template.send("direct:in", sent -> {
            sent.getMessage().setHeader("key", key);
            sent.getMessage().setHeader("delivery", delivery);
        });
        System.out.println(outcome(exchange, key, delivery) + " " + delivery);
    }

    private Outcome outcome(Exchange exchange, String key, long delivery) {
        Boolean confirmed = repository.confirmed.remove(exchange.getExchangeId());
        if (exchange.isFailed()) {
            return Outcome.FAILED;
        }
        if (exchange.getProperty(Exchange.DUPLICATE_MESSAGE, false, Boolean.class)) {
            return Outcome.DUPLICATE;
        }
        if (confirmed == null || !confirmed) {
            return Outcome.UNCONFIRMED;
        }
        log.write(Step.END, key, delivery);
        return Outcome.PROCESSED;
    }

    private void process(Exchange exchange) {
        String key = exchange.getMessage().getHeader("key", String.class);
        long delivery = exchange.getMessage().getHeader("delivery", Long.class);
        log.write(Step.START, key, delivery);
        Random dice = new Random(seed * 31 + delivery);
        Duration time =
                dice.nextInt(LONG) == 0 ? lease.multipliedBy(3).dividedBy(2) : Duration.ofMillis(dice.nextInt(10));
        LockSupport.parkNanos(time.toNanos());
        if (dice.nextInt(FAILING) == 0) {
            log.write(Step.FAILED, key, delivery);
            throw new IllegalStateException("meant to fail");
        }
        log.write(Step.DONE, key, delivery);
    }
}
