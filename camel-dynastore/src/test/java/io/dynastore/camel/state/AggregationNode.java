/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.state;

import io.dynastore.test.DynamoDbExtension;
import io.dynastore.testkit.FaultPlan;
import io.dynastore.testkit.FaultyHttpClient;
import io.dynastore.testkit.RecordedRequest;
import io.dynastore.testkit.RecordingHttpClient;
import io.dynastore.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A Camel context with an aggregation repository, whose network fails and whose clock moves as the test wants. */
class AggregationNode implements AutoCloseable {

    static final Duration LEASE = Duration.ofMinutes(1);
    static final Duration SKEW = Duration.ofSeconds(2);

    /** A late request waits until the test lets it through. */
    final FaultPlan plan = FaultPlan.none().withDelaysUpTo(Duration.ofHours(10));

    final DefaultCamelContext context = new DefaultCamelContext();
    final DynaStoreAggregationRepository repository;
    final FaultyHttpClient http;
    private final RecordingHttpClient recorder;
    private final DynamoDbAsyncClient client;

    /** A node that is not started. */
    AggregationNode(DynamoDbExtension dynamo, String table, SettableClock clock) {
        this(dynamo, table, clock, new DynaStoreAggregationRepository(), new ExecutionInterceptor() {});
    }

    /**
     * A node that is not started.
     *
     * @param tampering may change the requests
     */
    AggregationNode(
            DynamoDbExtension dynamo,
            String table,
            SettableClock clock,
            DynaStoreAggregationRepository repository,
            ExecutionInterceptor tampering) {
        this.repository = repository;
        recorder = new RecordingHttpClient(NettyNioAsyncHttpClient.create());
        http = new FaultyHttpClient(recorder, plan);
        BackoffStrategy soon = BackoffStrategy.exponentialDelay(Duration.ofMillis(5), Duration.ofMillis(20));
        client = dynamo.clientBuilder()
                .httpClient(http)
                .overrideConfiguration(override -> override.addExecutionInterceptor(tampering)
                        .retryStrategy(retry ->
                                retry.maxAttempts(4).backoffStrategy(soon).throttlingBackoffStrategy(soon)))
                .build();
        repository.setTableName(table);
        repository.setName("orders");
        repository.setDynamoDbAsyncClient(client);
        repository.setTime(clock, () -> clock.millis() * 1_000_000);
        context.getShutdownStrategy().setTimeout(5);
    }

    AggregationNode started() throws Exception {
        context.addService(repository);
        context.start();
        recorder.clear();
        return this;
    }

    void route(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
    }

    /** A new message. */
    Exchange message(Object body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    /** What an aggregator does with a message that completes no group. */
    void aggregate(String key, String body) {
        Exchange old = repository.get(context, key);
        repository.add(context, key, old, new Joining().aggregate(old, message(body)));
    }

    /** What an aggregator does to complete a group. */
    Exchange complete(String key) {
        Exchange exchange = get(key);
        repository.remove(context, key, exchange);
        return exchange;
    }

    Exchange get(String key) {
        return Objects.requireNonNull(repository.get(context, key));
    }

    /** The body of a group; null if there is none. */
    @Nullable
    String body(String key) {
        Exchange exchange = repository.get(context, key);
        return exchange == null ? null : exchange.getMessage().getBody(String.class);
    }

    /** The exchange ends: its completions run. */
    static void end(Exchange exchange) {
        List<Synchronization> completions = exchange.getExchangeExtension().handoverCompletions();
        if (completions != null) {
            UnitOfWorkHelper.doneSynchronizations(exchange, completions);
        }
    }

    /** The requests since the start, or since this was called last. */
    List<String> requests() {
        List<String> operations =
                recorder.requests().stream().map(RecordedRequest::operation).toList();
        recorder.clear();
        return operations;
    }

    @Override
    public void close() {
        context.stop();
        client.close();
        http.close();
    }
}
