/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.benchmarks;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbAsyncTable;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedAsyncClient;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.extensions.annotations.DynamoDbVersionAttribute;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSortKey;
import software.amazon.awssdk.enhanced.dynamodb.model.PutItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The SDK's mapper of beans, with its extension for versions, over the asynchronous client. */
final class EnhancedSdk implements Subject {

    private final DynamoDbAsyncClient client;
    private final DynamoDbAsyncTable<Ticket> table;
    private final AtomicLong received = new AtomicLong();
    private final Expression absent = Expression.builder()
            .expression("attribute_not_exists(#id)")
            .putExpressionName("#id", "id")
            .build();

    EnhancedSdk(URI endpoint, SdkAsyncHttpClient.Builder<?> http) {
        this.client = SdkClients.asynchronous(endpoint, http);
        this.table = DynamoDbEnhancedAsyncClient.builder()
                .dynamoDbClient(client)
                .build()
                .table(StubResponses.PLAIN, TableSchema.fromBean(Ticket.class));
    }

    @Override
    public void start(BenchmarkOperation operation, int item, Done done) {
        CompletableFuture<?> response =
                switch (operation) {
                    case CREATE ->
                        table.putItem(PutItemEnhancedRequest.builder(Ticket.class)
                                .item(Ticket.of(item, null))
                                .conditionExpression(absent)
                                .build());
                    case UPDATE -> table.updateItem(Ticket.of(item, 7L));
                    case GET -> table.getItem(key(item));
                    case PAGE -> page();
                };
        Outcomes.report(response, done);
    }

    private CompletableFuture<?> page() {
        return table.query(request -> request.limit(StubResponses.PAGE)
                        .queryConditional(QueryConditional.keyEqualTo(key -> key.partitionValue("customer"))))
                .limit(1)
                .subscribe(page -> received.addAndGet(page.items().size()));
    }

    private static Key key(int item) {
        return Key.builder()
                .partitionValue("customer")
                .sortValue(StubResponses.sortKey(item))
                .build();
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public void close() {
        client.close();
    }

    /** An item as this mapper needs it. */
    @DynamoDbBean
    public static class Ticket {
        private @Nullable String id;
        private @Nullable String name;
        private @Nullable Long version;
        private @Nullable String payload;

        static Ticket of(int item, @Nullable Long version) {
            Ticket ticket = new Ticket();
            ticket.id = "customer";
            ticket.name = StubResponses.sortKey(item);
            ticket.version = version;
            ticket.payload = StubResponses.PAYLOAD;
            return ticket;
        }

        @DynamoDbPartitionKey
        public @Nullable String getId() {
            return id;
        }

        public void setId(@Nullable String id) {
            this.id = id;
        }

        @DynamoDbSortKey
        public @Nullable String getName() {
            return name;
        }

        public void setName(@Nullable String name) {
            this.name = name;
        }

        @DynamoDbVersionAttribute
        public @Nullable Long getVersion() {
            return version;
        }

        public void setVersion(@Nullable Long version) {
            this.version = version;
        }

        public @Nullable String getPayload() {
            return payload;
        }

        public void setPayload(@Nullable String payload) {
            this.payload = payload;
        }
    }
}
