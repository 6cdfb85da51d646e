/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.store.operation;

import io.dynastore.store.Call;
import io.dynastore.store.Item;
import io.dynastore.store.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Reads a page of one partition in sort-key order.
 *
 * <ol>
 *   <li>The service filters expired items. It counts what it has looked at, not what it returns: a page with a limit is
 *       topped up by further requests.
 *   <li>Each of them looks at more than the one before, so that a run of expired items is soon behind; live items beyond the
 *       limit are cut, and the token then stands behind the last one that is returned.
 *   <li>After {@link #MOST_REQUESTS} requests a short page is returned, with a token.
 *   <li>Without a limit, one request is one page.
 * </ol>
 */
public final class ListItems implements StoreOperation {

    /** Bounds the time and the memory of one page: 16 requests bring at most 16 MB. */
    static final int MOST_REQUESTS = 16;

    private static final int MOST_LOOKED_AT = 1000;

    private final Table table;
    private final BatchGet batch;

    public ListItems(Table table) {
        this.table = table;
        this.batch = new BatchGet(table);
    }

    @Override
    public CompletableFuture<Outcome> execute(Call call) {
        ListQuery query = ListQuery.of(table.schema(), call);
        Map<String, AttributeValue> start =
                call.nextToken() == null ? Map.of() : PageToken.read(query, call.nextToken());
        return new Page(call, query).from(start);
    }

    /** A page while it is being filled. One stage of a future at a time works on it. */
    private final class Page {
        private final Call call;
        private final ListQuery query;
        private final List<Item> items = new ArrayList<>();
        private double capacity;
        private int requests;

        Page(Call call, ListQuery query) {
            this.call = call;
            this.query = query;
        }

        CompletableFuture<Outcome> from(Map<String, AttributeValue> start) {
            QueryRequest request = request(start);
            requests++;
            return table.client().query(request).thenCompose(answer -> rows(answer)
                    .thenCompose(rows -> add(rows, answer)));
        }

        private CompletableFuture<Rows> rows(QueryResponse answer) {
            return fetching()
                    ? Rows.fetched(table, batch, call, query, answer.items())
                    : CompletableFuture.completedFuture(Rows.whole(table, query, answer.items()));
        }

        private boolean fetching() {
            return call.fetch() && query.index() != null;
        }

        private CompletableFuture<Outcome> add(Rows live, QueryResponse answer) {
            capacity += Capacity.of(answer.consumedCapacity()) + live.capacity();
            int room = call.limit() == null ? Integer.MAX_VALUE : call.limit() - items.size();
            for (StoredItem item :
                    live.items().subList(0, Math.min(room, live.items().size()))) {
                items.add(item.item(call.payloadFormat()));
            }
            if (live.items().size() > room) {
                return done(live.positions().get(room - 1));
            }
            Map<String, AttributeValue> next = answer.lastEvaluatedKey();
            boolean full = call.limit() == null || items.size() == call.limit() || requests == MOST_REQUESTS;
            return full || next.isEmpty() ? done(next) : from(next);
        }

        private CompletableFuture<Outcome> done(Map<String, AttributeValue> position) {
            String token = position.isEmpty() ? null : PageToken.write(query, position);
            return CompletableFuture.completedFuture(new Outcome.Page(items, token, capacity));
        }

        private QueryRequest request(Map<String, AttributeValue> start) {
            Map<String, String> names = query.names();
            Map<String, AttributeValue> values = query.values();
            String filter = filter(names, values);
            return QueryRequest.builder()
                    .tableName(table.name())
                    .indexName(call.index())
                    .keyConditionExpression(query.keyCondition())
                    .filterExpression(filter)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values)
                    .scanIndexForward(!call.reverse())
                    .consistentRead(call.consistentRead())
                    .limit(lookAt())
                    .exclusiveStartKey(start.isEmpty() ? null : start)
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                    .build();
        }

        /** Rows that are only references are filtered when the items are there. */
        private @Nullable String filter(Map<String, String> names, Map<String, AttributeValue> values) {
            if (fetching()) {
                return null;
            }
            String projected = query.index() == null ? null : Expressions.PROJECTED;
            if (projected != null) {
                names.put(Expressions.PAYLOAD, table.schema().payload());
                names.put(Expressions.VERSION, table.schema().version());
                names.put(Expressions.EXPIRES, table.schema().expires());
            }
            if (call.includeExpired()) {
                return projected;
            }
            names.put(Expressions.EXPIRES, table.schema().expires());
            values.put(Expressions.NOW, NewItem.seconds(table.clock().instant()));
            return projected == null ? Expressions.LIVE : Expressions.and(Expressions.LIVE, projected);
        }

        private @Nullable Integer lookAt() {
            if (call.limit() == null) {
                return null;
            }
            int room = call.limit() - items.size();
            long growing = (long) call.limit() << requests;
            // A cut page ends with a position of our own making, which would lack a sort key that was not declared.
            return requests == 0 || query.sortKeyUndeclared()
                    ? room
                    : (int) Math.max(room, Math.min(MOST_LOOKED_AT, growing));
        }
    }
}
