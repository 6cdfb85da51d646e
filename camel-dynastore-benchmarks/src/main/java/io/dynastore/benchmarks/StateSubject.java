/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import io.dynastore.test.DynamoDbExtension;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.camel.spi.IdempotentRepository;
import org.h2.jdbcx.JdbcConnectionPool;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A route with an idempotent consumer. Thread safe. */
final class StateSubject implements AutoCloseable {

    private static final String NAME = "orders";

    private final String text;
    private final RoundTrips trips;
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;
    private final AtomicLong next = new AtomicLong();
    private final LongAdder processed = new LongAdder();

    private StateSubject(String text, IdempotentRepository repository, RoundTrips trips) throws Exception {
        this.text = text;
        this.trips = trips;
        context.addService(repository);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .errorHandler(noErrorHandler())
                        .idempotentConsumer(header("key"))
                        .idempotentRepository(repository)
                        .process(exchange -> processed.increment());
            }
        });
        context.start();
        template = context.createProducerTemplate();
    }

    /** This component's repository on a table of an engine. */
    static StateSubject dynastore(String text, URI endpoint, String table, Duration delay) throws Exception {
        RoundTrips trips = new RoundTrips();
        DynamoDbAsyncClient client = DynamoDbExtension.clientBuilder(endpoint)
                .httpClient(new DelayedHttp(SdkClients.crt().build(), delay, trips))
                .build();
        DynaStoreIdempotentRepository repository = new DynaStoreIdempotentRepository();
        repository.setTableName(table);
        repository.setName(NAME);
        repository.setDynamoDbAsyncClient(client);
        return new StateSubject(text, repository, trips);
    }

    /** Camel's repository on H2 in memory, with as many connections as threads. */
    static StateSubject jdbc(String text, int threads, Duration delay) throws Exception {
        RoundTrips trips = new RoundTrips();
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:state;DB_CLOSE_DELAY=-1", "sa", "");
        pool.setMaxConnections(threads);
        return new StateSubject(
                text, new JdbcMessageIdRepository(DelayedDataSource.of(pool, delay, trips), NAME), trips);
    }

    String text() {
        return text;
    }

    /** Sends a message with a key of its own. */
    void sendNew() {
        send(next.getAndIncrement());
    }

    /** Sends a message with a key that was sent before. */
    void sendDuplicate() {
        send(0);
    }

    private void send(long number) {
        Exchange sent =
                template.send("direct:in", exchange -> exchange.getMessage().setHeader("key", "key-" + number));
        if (sent.getException() != null) {
            Outcomes.fail(sent.getException());
        }
    }

    long processed() {
        return processed.sum();
    }

    long roundTrips() {
        return trips.sum();
    }

    @Override
    public void close() {
        context.stop();
    }
}
