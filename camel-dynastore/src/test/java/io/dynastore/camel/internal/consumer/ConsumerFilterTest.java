/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.camel.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynastore.camel.DynaStoreConstants;
import io.dynastore.store.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Consumers that filter by fields, or leave fields out. */
class ConsumerFilterTest extends ConsumerContract {

    private final List<Object> fields = new CopyOnWriteArrayList<>();

    /** A page of the service ends after ten items, as if they were large. */
    private final DynamoDbAsyncClient smallPages = dynamo.clientBuilder()
            .httpClient(HTTP)
            .overrideConfiguration(override -> override.addExecutionInterceptor(new SmallPages()))
            .build();

    private static final class SmallPages implements ExecutionInterceptor {
        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            return context.request() instanceof QueryRequest query && query.limit() == null
                    ? query.toBuilder().limit(10).build()
                    : context.request();
        }
    }

    @Override
    protected void configure(DefaultCamelContext fresh) {
        fresh.getRegistry().bind("client", smallPages);
    }

    @AfterEach
    void closeClient() {
        smallPages.close();
    }

    private void item(int number, String status) {
        Map<String, AttributeValue> item = new HashMap<>(item("customer", sortKey(number), "v" + number, 1));
        item.put("status", text(status));
        item.put("note", text("long text"));
        dynamo.rawPut(table, item);
    }

    private void consuming(String options) throws Exception {
        consume(
                options,
                (builder, from) -> from.process(
                        exchange -> fields.add(exchange.getMessage().getHeader(DynaStoreConstants.ITEM_FIELDS))));
    }

    @Test
    void deliversWhatTheFilterLetsThroughWithTheNamedFields() throws Exception {
        for (int i = 1; i <= 6; i++) {
            item(i, i % 2 == 0 ? "open" : "closed");
        }

        consuming("partitionKeys=customer&filter=status=open&fields=status&resume=memory&pageSize=2");
        awaitDelivered(3);
        awaitPolls(2);

        assertThat(delivered).containsExactly("customer/02", "customer/04", "customer/06");
        assertThat(fields).containsOnly(Map.of("status", "open"));
    }

    @Test
    void wholeTableIsFilteredToo() throws Exception {
        item(1, "open");
        item(2, "closed");

        consuming("filter=status=open&fields=none&onSuccess=delete");
        awaitDelivered(1);
        await().until(() -> stored("customer", "01").isEmpty());

        assertThat(delivered).containsExactly("customer/01");
        assertThat(stored("customer", "02")).isNotEmpty();
        assertThat(fields).containsOnly(Map.of());
    }

    /** Or each poll would read again all that the filter has left out. */
    @Test
    void positionMovesOverPagesWithoutAMatch() throws Exception {
        for (int i = 1; i <= 30; i++) {
            item(i, "closed");
        }
        consuming("partitionKeys=customer&filter=status=open&resume=memory");
        awaitPolls(2);
        HTTP.clear();
        awaitPolls(1);

        assertThat(HTTP.requests())
                .filteredOn(request -> request.operation().equals("Query"))
                .allSatisfy(request ->
                        assertThat(request.request().has("ExclusiveStartKey")).isTrue());
        assertThat(delivered).isEmpty();
    }

    @Test
    void claimsTakeNoFilter() {
        assertThatThrownBy(() -> consuming("partitionKeys=customer&claim=true&onSuccess=delete&filter=status=open"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(table, "filter", "leave it out");
    }

    @Test
    void claimedItemsHaveTheNamedFields() throws Exception {
        item(1, "open");

        consuming("partitionKeys=customer&claim=true&onSuccess=delete&fields=status");
        awaitDelivered(1);

        await().untilAsserted(() -> assertThat(fields).containsExactly(Map.of("status", "open")));
    }
}
