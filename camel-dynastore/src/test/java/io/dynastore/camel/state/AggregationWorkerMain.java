/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.camel.state.Delivery.Outcome;
import io.dynastore.camel.state.WorkLog.Step;
import io.dynastore.testkit.ChildJvm;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
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
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

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

    /** Which repository the nodes have. */
    enum Kind {
        HONEST,
        /** Completes a group by two requests, with some time between them. */
        DELETE_THEN_PUT,
        /** Does not recognise its own write if the response to it was lost. */
        FORGETFUL;

        private ExecutionInterceptor tampering(DynamoDbAsyncClient other) {
            return switch (this) {
                case HONEST -> new ExecutionInterceptor() {};
                case DELETE_THEN_PUT -> new DeleteThenPut(other);
                case FORGETFUL -> new Forgetful();
            };
        }
    }

    private record DeleteThenPut(DynamoDbAsyncClient other) implements ExecutionInterceptor {

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            if (!(context.request() instanceof TransactWriteItemsRequest all)) {
                return context.request();
            }
            Put first = Objects.requireNonNull(all.transactItems().get(0).put());
            try {
                other.putItem(put -> put.tableName(first.tableName())
                                .item(first.item())
                                .conditionExpression(first.conditionExpression())
                                .expressionAttributeNames(first.expressionAttributeNames())
                                .expressionAttributeValues(first.expressionAttributeValues()))
                        .join();
            } catch (CompletionException e) {
                throw TransactionCanceledException.builder()
                        .cancellationReasons(List.of(CancellationReason.builder()
                                .code("ConditionalCheckFailed")
                                .build()))
                        .build();
            }
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            List<TransactWriteItem> rest =
                    all.transactItems().subList(1, all.transactItems().size());
            return all.toBuilder().transactItems(rest).build();
        }
    }

    private static final class Forgetful implements ExecutionInterceptor {

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            if (!(context.request() instanceof PutItemRequest put)) {
                return context.request();
            }
            Map<String, AttributeValue> item = new HashMap<>(put.item());
            item.remove(AggregationWrites.HISTORY);
            // Each name and value of the request has to stay in the condition.
            String condition = put.conditionExpression()
                    .replace("#write = :me", "(#write = :me AND attribute_not_exists(#write))");
            return put.toBuilder().item(item).conditionExpression(condition).build();
        }
    }

    /**
     * Works until its standard input ends.
     *
     * @param arguments table, log file, seed, milliseconds of a lease, kind of repository
     */
    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[2]);
        Duration lease = Duration.ofMillis(Long.parseLong(arguments[3]));
        Kind kind = Kind.valueOf(arguments[4]);
        FaultPlan faults =
                IdempotentWorkerMain.faults(seed).only("PutItem", "TransactWriteItems", "UpdateItem", "DeleteItem");
        try (FaultyHttpClient http = new FaultyHttpClient(NettyNioAsyncHttpClient.create(), faults);
                DynamoDbAsyncClient other = IdempotentWorkerMain.client(http, new ExecutionInterceptor() {});
                DynamoDbAsyncClient client = IdempotentWorkerMain.client(http, kind.tampering(other));
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
                        .completionPredicate(exchange -> messages(exchange) == SIZE)
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

    /** Nothing is left out, so that the test finds what was added twice. */
    private static Exchange join(@Nullable Exchange old, Exchange added) {
        if (old == null) {
            return added;
        }
        old.getMessage()
                .setBody(old.getMessage().getBody(String.class) + ","
                        + added.getMessage().getBody(String.class));
        return old;
    }

    /** How many different messages a group has. */
    private static long messages(Exchange group) {
        return Stream.of(group.getMessage().getBody(String.class).split(",", -1))
                .map(entry -> entry.substring(0, entry.indexOf('#')))
                .distinct()
                .count();
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
