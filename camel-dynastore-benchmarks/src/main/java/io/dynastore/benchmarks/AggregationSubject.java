/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import io.dynastore.camel.state.DynaStoreAggregationRepository;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.aggregate.jdbc.JdbcAggregationRepository;
import org.apache.camel.spi.OptimisticLockingAggregationRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A route with an aggregator, which collects the texts of ten messages. Each thread fills groups of its own, one after
 * another, so that there are no conflicts. Thread safe.
 */
final class AggregationSubject extends StateSubject {

    private static final String NAME = "lines";
    private static final int SIZE = 10;
    private static final String BODY = "One line of an order, with an article and a number";

    private final ThreadLocal<Long> sent = ThreadLocal.withInitial(() -> 0L);

    private AggregationSubject(String text, OptimisticLockingAggregationRepository repository, RoundTrips trips)
            throws Exception {
        super(text, repository, trips);
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .errorHandler(noErrorHandler())
                        .aggregate(header("key"), AggregationSubject::join)
                        .aggregationRepository(repository)
                        .optimisticLocking()
                        .completionSize(SIZE)
                        .process(AggregationSubject.this::count);
            }
        });
    }

    private static Exchange join(@Nullable Exchange old, Exchange added) {
        if (old == null) {
            return added;
        }
        String joined = old.getMessage().getBody(String.class) + ","
                + added.getMessage().getBody(String.class);
        old.getMessage().setBody(joined);
        return old;
    }

    private void count(Exchange group) {
        String[] lines = group.getMessage().getBody(String.class).split(BODY, -1);
        processed.add(lines.length - 1);
    }

    /** This component's repository on a table. */
    static StateSubject dynastore(String text, DynamoDbAsyncClient client, String table, RoundTrips trips)
            throws Exception {
        DynaStoreAggregationRepository repository = new DynaStoreAggregationRepository();
        repository.setTableName(table);
        repository.setName(NAME);
        repository.setDynamoDbAsyncClient(client);
        return new AggregationSubject(text, repository, trips);
    }

    /**
     * Camel's repository.
     *
     * @param direct the data source without delay, for the tables
     */
    static StateSubject jdbc(String text, DataSource direct, DataSource source, RoundTrips trips) throws Exception {
        createTables(direct);
        JdbcAggregationRepository repository =
                new JdbcAggregationRepository(new DataSourceTransactionManager(source), NAME, source);
        return new AggregationSubject(text, repository, trips);
    }

    private static void createTables(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : new String[] {NAME, NAME + "_completed"}) {
                statement.execute("CREATE TABLE " + table + " (id VARCHAR(255) PRIMARY KEY, exchange BLOB NOT NULL,"
                        + " version BIGINT NOT NULL)");
            }
        }
    }

    @Override
    void sendNew() {
        long number = sent.get();
        sent.set(number + 1);
        send(Thread.currentThread().getId() + "-" + number / SIZE, BODY);
    }

    @Override
    void sendDuplicate() {
        throw new UnsupportedOperationException("An aggregator has no duplicates");
    }

    @Override
    int pending(int threads) {
        return threads * (SIZE - 1);
    }
}
