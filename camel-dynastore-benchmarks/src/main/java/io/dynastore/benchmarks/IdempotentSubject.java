/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.state.DynaStoreIdempotentRepository;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.camel.spi.IdempotentRepository;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A route with an idempotent consumer. Thread safe. */
final class IdempotentSubject extends StateSubject {

    private static final String NAME = "orders";

    private final AtomicLong next = new AtomicLong();

    private IdempotentSubject(String text, IdempotentRepository repository, RoundTrips trips) throws Exception {
        super(text, repository, trips);
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .errorHandler(noErrorHandler())
                        .idempotentConsumer(header("key"))
                        .idempotentRepository(repository)
                        .process(exchange -> processed.increment());
            }
        });
    }

    /** This component's repository on a table. */
    static StateSubject dynastore(String text, DynamoDbAsyncClient client, String table, RoundTrips trips)
            throws Exception {
        DynaStoreIdempotentRepository repository = new DynaStoreIdempotentRepository();
        repository.setTableName(table);
        repository.setName(NAME);
        repository.setDynamoDbAsyncClient(client);
        return new IdempotentSubject(text, repository, trips);
    }

    /** Camel's repository. */
    static StateSubject jdbc(String text, DataSource source, RoundTrips trips) throws Exception {
        return new IdempotentSubject(text, new JdbcMessageIdRepository(source, NAME), trips);
    }

    @Override
    void sendNew() {
        send("key-" + next.getAndIncrement(), "");
    }

    @Override
    void sendDuplicate() {
        send("key-0", "");
    }

    @Override
    int pending(int threads) {
        return 0;
    }
}
