/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/**
 * Gives a test class a DynamoDB, and tables of its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final DynamoDbExtension dynamo = DynamoDbExtension.create();
 *
 * @BindToRegistry
 * final DynamoDbAsyncClient client = dynamo.client(); // the component finds it
 *
 * final String tickets = dynamo.table("tickets");
 * }</pre>
 *
 * <p>or {@code @ExtendWith(DynamoDbExtension.class)} and a parameter of type {@code DynamoDbExtension} or {@code
 * DynamoDbAsyncClient}. If properties configure Camel, {@link #componentProperties()} point the component to the
 * engine.
 *
 * <p>The engine starts at the first use and serves all classes of the JVM. Table names are unique, so that classes
 * may run in parallel. Tables are dropped after the outermost class that made them. The field must be static: JUnit
 * would set up another only after the constructor of the test, in which other extensions and CamelTestSupport ask for
 * routes and beans already.
 *
 * <p>System properties choose the engine:
 *
 * <ul>
 *   <li>none: DynamoDB Local, in this JVM and in memory;
 *   <li>{@code dynastore.test.engine=container}: its image, in a container; needs a container engine, and
 *       {@code org.testcontainers:testcontainers} on the class path;
 *   <li>{@code dynastore.test.endpoint=http://host:port}: the DynamoDB at that address, if it accepts any credentials.
 * </ul>
 *
 * <p>Thread safe. Every method waits for its response; every read is consistent. If a request fails, the method throws
 * a {@code CompletionException} with the SDK's error. If the engine can't be started, it throws an
 * {@code IllegalStateException}; if the properties name no known engine, an {@code IllegalArgumentException}.
 */
public final class DynamoDbExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, ParameterResolver {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Queue<String> tables = new ConcurrentLinkedQueue<>();

    /** The number of running classes: nested classes run within the callbacks of their outer class. */
    private final AtomicInteger depth = new AtomicInteger();

    /** For {@code @ExtendWith}; use {@link #create()}. */
    DynamoDbExtension() {}

    /**
     * An extension for one test class. The engine is not started yet.
     *
     * @return a new extension
     */
    public static DynamoDbExtension create() {
        return new DynamoDbExtension();
    }

    /**
     * The address of the engine. Starts it if it does not run yet.
     *
     * @return its address
     */
    public URI endpoint() {
        return SharedDynamoDb.get().endpoint();
    }

    /**
     * A client of the engine. Starts it if it does not run yet.
     *
     * @return the client, shared by all tests; don't close it
     */
    public DynamoDbAsyncClient client() {
        return SharedDynamoDb.get().client();
    }

    /**
     * A builder for another client of the engine. The caller closes that client.
     *
     * @return a builder with endpoint, region and dummy credentials set
     */
    public DynamoDbAsyncClientBuilder clientBuilder() {
        return clientBuilder(endpoint());
    }

    /**
     * A builder for a client of an engine in another process.
     *
     * @param endpoint the address of the engine
     * @return a builder with endpoint, region and dummy credentials set
     */
    public static DynamoDbAsyncClientBuilder clientBuilder(URI endpoint) {
        return SharedDynamoDb.clientBuilder(endpoint);
    }

    /**
     * Properties that point the component to the engine, for Camel Main, Spring Boot or Quarkus.
     *
     * @return the properties by their full names, {@code camel.component.dynastore.region} for example
     */
    public Map<String, String> componentProperties() {
        return SharedDynamoDb.componentProperties(endpoint());
    }

    /**
     * Makes a table as the component expects it by default, see {@link TableSpec#defaults()}.
     *
     * @param prefix the beginning of its name, by which a log can be read
     * @return its name
     */
    public String table(String prefix) {
        return table(prefix, TableSpec.defaults());
    }

    /**
     * Makes a table, and waits until it is active.
     *
     * @param prefix the beginning of its name, by which a log can be read
     * @param spec   its layout
     * @return its name
     */
    public String table(String prefix, TableSpec spec) {
        String table = name(prefix);
        tables.add(table);
        client().createTable(TableRequests.create(table, spec))
                .handle(DynamoDbExtension::created)
                .join();
        awaitActive(table);
        spec.ttlAttribute().ifPresent(attribute -> client().updateTimeToLive(TableRequests.timeToLive(table, attribute))
                .join());
        return table;
    }

    /** Nobody else has a table of this name: if it exists, the response to an earlier attempt was late. */
    private static boolean created(@Nullable CreateTableResponse response, @Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause != null && !(cause instanceof ResourceInUseException)) {
            throw new CompletionException(cause);
        }
        return true;
    }

    /**
     * A name for a table that the tested code makes. The table is dropped like the others.
     *
     * @param prefix the beginning of the name
     * @return a unique name
     */
    public String freshName(String prefix) {
        String table = name(prefix);
        tables.add(table);
        return table;
    }

    /**
     * Reads an item as it is stored.
     *
     * @param table its table
     * @param key   its key attributes
     * @return all attributes; empty if there is no such item
     */
    public Map<String, AttributeValue> rawGet(String table, Map<String, AttributeValue> key) {
        return client().getItem(get -> get.tableName(table).key(key).consistentRead(true))
                .join()
                .item();
    }

    /**
     * Puts an item as it is. It replaces an existing item.
     *
     * @param table its table
     * @param item  all attributes, those of the key included
     */
    public void rawPut(String table, Map<String, AttributeValue> item) {
        client().putItem(put -> put.tableName(table).item(item)).join();
    }

    /**
     * Reads all items of a table.
     *
     * @param table the table
     * @return the items, in no order
     */
    public List<Map<String, AttributeValue>> rawScan(String table) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        ScanRequest scan =
                ScanRequest.builder().tableName(table).consistentRead(true).build();
        client().scanPaginator(scan).items().subscribe(items::add).join();
        return items;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (depth.getAndIncrement() == 0) {
            context.getStore(ExtensionContext.Namespace.create(this)).put("tables", new Drop(this));
        }
    }

    /**
     * Refuses a field that is not static: the extension has missed the start of the class.
     *
     * @throws ExtensionConfigurationException if it has
     */
    @Override
    public void beforeEach(ExtensionContext context) {
        if (depth.get() == 0) {
            throw new ExtensionConfigurationException("Declare the field of DynamoDbExtension static in "
                    + context.getRequiredTestClass().getName()
                    + ", or name the extension in @ExtendWith on the class.");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        depth.decrementAndGet();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == DynamoDbExtension.class || type == DynamoDbAsyncClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DynamoDbExtension.class ? this : client();
    }

    private static String name(String prefix) {
        return prefix + "-" + UUID.randomUUID();
    }

    private void awaitActive(String table) {
        try (DynamoDbAsyncWaiter waiter = DynamoDbAsyncWaiter.builder()
                .client(client())
                .overrideConfiguration(wait ->
                        wait.backoffStrategyV2(BackoffStrategy.fixedDelay(POLL)).maxAttempts(300))
                .build()) {
            waiter.waitUntilTableExists(describe -> describe.tableName(table)).join();
        }
    }

    /**
     * Drops all tables at once, when JUnit closes the outermost class. That is after every extension's {@code
     * afterAll}, where Spring's stops an application that may still need the tables. Errors are ignored: a table may
     * be gone already, or never made.
     */
    private void dropTables() {
        List<CompletableFuture<?>> drops = new ArrayList<>();
        for (String table = tables.poll(); table != null; table = tables.poll()) {
            String name = table;
            drops.add(client().deleteTable(delete -> delete.tableName(name)).handle((dropped, failure) -> null));
        }
        CompletableFuture.allOf(drops.toArray(CompletableFuture[]::new)).join();
    }

    /** JUnit closes it with the class: up to 5.12, which Spring Boot has, by the first type, later by the second. */
    @SuppressWarnings("deprecation")
    private record Drop(DynamoDbExtension owner) implements ExtensionContext.Store.CloseableResource, AutoCloseable {

        @Override
        public void close() {
            owner.dropTables();
        }
    }
}
