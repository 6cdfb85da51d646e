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
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A Camel context with an idempotent repository, whose network fails and whose clock moves as the test wants. */
class IdempotentNode implements AutoCloseable {

    static final Duration LEASE = Duration.ofMinutes(5);
    static final Duration SKEW = Duration.ofSeconds(2);

    /** A late request waits until the test lets it through. */
    final FaultPlan plan = FaultPlan.none().withDelaysUpTo(Duration.ofHours(10));

    final DefaultCamelContext context = new DefaultCamelContext();
    final DynaStoreIdempotentRepository repository;
    final FaultyHttpClient http;
    private final RecordingHttpClient recorder;
    private final DynamoDbAsyncClient client;

    /** A node that is not started. */
    IdempotentNode(DynamoDbExtension dynamo, String table, SettableClock clock) {
        this(dynamo, table, clock, new DynaStoreIdempotentRepository(), new ExecutionInterceptor() {});
    }

    /**
     * A node that is not started.
     *
     * @param tampering may change the requests
     */
    IdempotentNode(
            DynamoDbExtension dynamo,
            String table,
            SettableClock clock,
            DynaStoreIdempotentRepository repository,
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

    IdempotentNode started() throws Exception {
        context.addService(repository);
        context.start();
        recorder.clear();
        return this;
    }

    Exchange exchange() {
        return new DefaultExchange(context);
    }

    /** The requests since the start, or since this was called last. */
    List<String> requests() {
        List<String> operations =
                recorder.requests().stream().map(RecordedRequest::operation).toList();
        recorder.clear();
        return operations;
    }

    /** Sends renewals and confirms that are due, until no key is unconfirmed. */
    void renewUntilConfirmed() {
        StateTests.await().until(() -> {
            repository.renewDue();
            return repository.getUnconfirmedCount() == 0;
        });
    }

    @Override
    public void close() {
        context.stop();
        client.close();
        http.close();
    }
}
