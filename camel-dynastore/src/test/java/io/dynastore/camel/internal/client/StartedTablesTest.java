/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.store.TableSchema;
import io.dynastore.test.DynamoDbExtension;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

class StartedTablesTest {

    @RegisterExtension
    static final DynamoDbExtension dynamo = DynamoDbExtension.create();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final AtomicInteger descriptions = new AtomicInteger();
    private final TableSchema schema = TableSchema.named(dynamo.freshName("started"));
    private final TableLocation location = TableLocation.of(schema.table(), dynamo.client());
    private final StartedTables tables = new StartedTables();

    /** A client whose first description ends with an error of the class path. */
    private DynamoDbAsyncClient broken() {
        return (DynamoDbAsyncClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DynamoDbAsyncClient.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("describeTable") && descriptions.getAndIncrement() == 0) {
                        throw new NoClassDefFoundError("on purpose");
                    }
                    try {
                        return method.invoke(dynamo.client(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void creationThatEndsWithAnErrorIsTriedAgainByTheNextEndpoint() {
        DynamoDbAsyncClient client = broken();
        assertThatThrownBy(() -> tables.create(location, client, schema, null, PATIENCE))
                .hasRootCauseInstanceOf(NoClassDefFoundError.class);

        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> {
            try {
                tables.create(location, client, schema, null, PATIENCE);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });

        assertThat(next).succeedsWithin(PATIENCE);
        assertThat(descriptions).hasValueGreaterThan(1);
    }
}
